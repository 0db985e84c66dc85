"""The recipe of deep learning as a decision chart."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from dnnlib.figures.style import COLORS, INK, PAPER

# Each remedy with the chapter that teaches it. Lectures A36, C12, C25.
FOR_TRAINING = (
    ("a bug? look first", "12"),
    ("larger network", "03"),
    ("proper loss", "05"),
    ("mini-batches", "07"),
    ("activation", "02"),
    ("adaptive rates, momentum", "08"),
    ("better start", "10"),
    ("batch normalization", "14"),
    ("residual connections", "15"),
)
FOR_NEW_DATA = (
    ("more data, created data", "11"),
    ("early stopping", "11"),
    ("regularization", "11"),
    ("dropout", "11"),
    ("smaller network", "11"),
    ("structure that fits: convolution", "13"),
)


def recipe_chart() -> Figure:
    """Two questions in a row, what to change after each no, and the way back to the start. Lectures A36, C12, C25."""
    fig, ax = plt.subplots(figsize=(6.2, 6.4))
    ax.set(xlim=(0, 62), ylim=(-64, 0))
    ax.axis("off")
    _box(ax, (2, -9, 26, 8), "function set, loss,\noptimizer: train", INK)
    _box(ax, (2, -30, 26, 10), "Good on the\ntraining data?", COLORS["blue"], bold=True)
    _box(ax, (2, -51, 26, 10), "Good on the\nvalidation data?", COLORS["blue"], bold=True)
    _box(ax, (2, -63, 26, 7), "test set, once", COLORS["green"])
    _remedies(ax, 35, -11.5, "it does not learn", FOR_TRAINING)
    _remedies(ax, 35, -42.3, "it does not carry over", FOR_NEW_DATA)
    for top, bottom, word in ((-9, -20, ""), (-30, -41, "yes"), (-51, -56, "yes")):
        _arrow(ax, (15, top), (15, bottom))
        ax.text(16, (top + bottom) / 2, word, va="center")
    for y in (-25.0, -46.0):
        _arrow(ax, (28, y), (35, y))
        ax.text(31, y + 0.8, "no", ha="center", va="bottom")
    for y in (-25.0, -52.5):
        ax.plot([59, 61, 61], [y, y, -5], color=INK, lw=1.5)
    _arrow(ax, (61, -5), (28, -5))
    ax.text(45, -4.2, "change one thing, train again", ha="center", va="bottom", fontsize=9)
    return fig


def _box(ax: Axes, place: tuple[float, float, float, float], text: str, color: str, bold: bool = False) -> None:
    x, y, width, height = place
    style = "round,pad=0,rounding_size=1.5"
    ax.add_patch(FancyBboxPatch((x, y), width, height, style, fc=PAPER, ec=color, lw=2))
    weight = "bold" if bold else "normal"
    ax.text(x + width / 2, y + height / 2, text, ha="center", va="center", color=color, weight=weight)


def _remedies(ax: Axes, x: float, top: float, title: str, remedies: Sequence[tuple[str, str]]) -> None:
    width, line = 24.0, 2.65
    height = line * (len(remedies) + 1) + 2
    _box(ax, (x, top - height, width, height), "", COLORS["orange"])
    y = top - 2.3
    ax.text(x + 1.2, y, title, va="center", color=COLORS["orange"], weight="bold", fontsize=9)
    ax.text(x + width - 1.2, y, "chapter", va="center", ha="right", fontsize=8, color=COLORS["grey"])
    for remedy, chapter in remedies:
        y -= line
        ax.text(x + 1.2, y, remedy, va="center", fontsize=8.5)
        ax.text(x + width - 1.2, y, chapter, va="center", ha="right", fontsize=8.5, color=COLORS["grey"])


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.5, "shrinkA": 0, "shrinkB": 0})
