"""The recipe of deep learning as a decision chart."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from dnnlib.figures.style import COLORS, INK, PAPER

# Each remedy with the chapter that teaches it, in the order in which to try. Chapter 12 has the same list with links.
# Lectures A36, C12, C25.
FOR_TRAINING = (
    ("a bug? look first", "12"),
    ("more epochs", "07"),
    ("another rate", "06"),
    ("scaled inputs", "07"),
    ("mini-batches", "07"),
    ("proper loss", "05"),
    ("activation", "02"),
    ("adaptive rates, momentum", "08"),
    ("better start", "10"),
    ("larger network", "03"),
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
    fig, ax = plt.subplots(figsize=(5.4, 6.9))
    ax.set(xlim=(0, 54), ylim=(-69, 0))
    ax.axis("off")
    _box(ax, (1, -9, 19, 8), "function set, loss,\noptimizer: train", INK)
    _box(ax, (1, -30, 19, 10), "Good on the\ntraining data?", COLORS["blue"], bold=True)
    _box(ax, (1, -58, 19, 10), "Good on the\nvalidation data?", COLORS["blue"], bold=True)
    _box(ax, (1, -68.5, 19, 6), "test set, once", COLORS["green"])
    _remedies(ax, 26, -8.5, "it does not learn", FOR_TRAINING)
    _remedies(ax, 26, -45, "it does not carry over", FOR_NEW_DATA)
    for top, bottom, word in ((-9, -20, ""), (-30, -48, "yes"), (-58, -62.5, "yes")):
        _arrow(ax, (10.5, top), (10.5, bottom))
        ax.text(11.5, (top + bottom) / 2, word, va="center")
    for y in (-25.0, -53.0):
        _arrow(ax, (20, y), (26, y))
        ax.text(22.7, y + 0.8, "no", ha="center", va="bottom")
        ax.plot([51, 53, 53], [y, y, -5], color=INK, lw=1.5)
    _arrow(ax, (53, -5), (20, -5))
    ax.text(38, -4.2, "change one thing, train again", ha="center", va="bottom", fontsize=9)
    return fig


def _box(ax: Axes, place: tuple[float, float, float, float], text: str, color: str, bold: bool = False) -> None:
    x, y, width, height = place
    style = "round,pad=0,rounding_size=1.5"
    ax.add_patch(FancyBboxPatch((x, y), width, height, style, fc=PAPER, ec=color, lw=2))
    weight = "bold" if bold else "normal"
    ax.text(x + width / 2, y + height / 2, text, ha="center", va="center", color=color, weight=weight)


def _remedies(ax: Axes, x: float, top: float, title: str, remedies: Sequence[tuple[str, str]]) -> None:
    width, line = 25.0, 2.45
    height = line * (len(remedies) + 1) + 2
    _box(ax, (x, top - height, width, height), "", COLORS["orange"])
    y = top - 2.3
    ax.text(x + 1.2, y, title, va="center", color=COLORS["orange"], weight="bold", fontsize=9)
    ax.text(x + width - 1.2, y, "chapter", va="center", ha="right", fontsize=8, color=COLORS["grey"])
    for remedy, chapter in remedies:
        y -= line
        ax.text(x + 1.2, y, remedy, va="center", fontsize=9)
        ax.text(x + width - 1.2, y, chapter, va="center", ha="right", fontsize=9, color=COLORS["grey"])


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.5, "shrinkA": 0, "shrinkB": 0})
