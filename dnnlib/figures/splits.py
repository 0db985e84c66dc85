"""Pictures of data: an image on its way to a label, parts drawn to scale, folds, and the best of many tries."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from dnnlib.figures.style import COLORS, INK, PAPER

PALE = "#A9C9DE"  # the training part, behind what is looked at
PART_COLORS = (PALE, COLORS["orange"], COLORS["purple"])
PART_HATCHES = ("", "//", "..")


def _bars(ax: Axes, values: np.ndarray, color: str, title: str) -> None:
    ax.barh(range(len(values)), values, color=color)
    ax.set(xlim=(0, 1.05), xticks=[0, 1], yticks=range(len(values)))
    ax.invert_yaxis()
    ax.tick_params(labelsize=8)
    ax.set_title(title, loc="center", fontsize=9)
    ax.grid(False)


def pipeline(image: np.ndarray, outputs: np.ndarray, target: np.ndarray) -> Figure:
    """One example through a classifier: image (side, side), its vector, f(x; θ), the outputs, and the target."""
    fig, axes = plt.subplots(1, 5, figsize=(7, 2.7), width_ratios=[2.1, 0.5, 1.5, 1.7, 1.7])
    axes[0].imshow(image, vmin=0, vmax=1)
    axes[0].set_title("image", loc="center", fontsize=9)
    axes[1].imshow(image.reshape(-1, 1), vmin=0, vmax=1, aspect="auto")
    axes[1].set_title(f"$x$: {image.size}", loc="center", fontsize=9)
    for ax in axes[:2]:
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(True)
    axes[2].axis("off")
    axes[2].set(xlim=(0, 1), ylim=(0, 1))
    box = FancyBboxPatch((0.2, 0.36), 0.56, 0.28, "round,pad=0.03", fc=PAPER, ec=COLORS["blue"], lw=2)
    axes[2].add_patch(box)
    axes[2].text(0.48, 0.5, r"$f(x;\theta)$", ha="center", va="center", fontsize=11)
    for start, end in ((0.0, 0.16), (0.8, 0.98)):
        arrow = FancyArrowPatch((start, 0.5), (end, 0.5), arrowstyle="-|>", mutation_scale=11, color=INK)
        axes[2].add_patch(arrow)
    _bars(axes[3], outputs, COLORS["blue"], r"outputs $\hat y$")
    _bars(axes[4], target, COLORS["green"], "target $y$")
    return fig


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ") if number >= 10_000 else str(number)


def parts_to_scale(splits: dict[str, dict[str, int]]) -> Figure:
    """A bar for each data set, all on one scale, cut into its named parts, under its title and the parts' counts.

    One of the data sets has all the names that occur.
    """
    fullest: dict[str, int] = max(splits.values(), key=len)
    names = list(fullest)
    fig, ax = plt.subplots(figsize=(7, 0.95 * len(splits) + 0.8))
    longest = max(sum(parts.values()) for parts in splits.values())
    for row, (title, parts) in enumerate(splits.items()):
        left = 0
        for name, count in parts.items():
            look = {"color": PART_COLORS[names.index(name)], "hatch": PART_HATCHES[names.index(name)]}
            ax.barh(row, count, left=left, height=0.34, edgecolor=PAPER, lw=0.6, **look)
            left += count
        counts = " + ".join(_count(count) for count in parts.values())
        ax.text(0, row - 0.3, f"{title}: {counts}", va="center", fontsize=9)
    for name, color, hatch in zip(names, PART_COLORS, PART_HATCHES, strict=False):
        ax.barh(0, 0, color=color, hatch=hatch, edgecolor=PAPER, label=name)
    ax.set(xlim=(0, longest), ylim=(len(splits) - 0.7, -0.55), yticks=[], xlabel="images")
    ax.xaxis.set_major_formatter(lambda value, _: _count(round(value)))
    ax.spines["left"].set_visible(False)
    ax.legend(loc="lower right", fontsize=9)
    return fig


def folds(k: int, scores: Sequence[float]) -> Figure:
    """The first len(scores) of k rounds of cross-validation: a row a round, its validation fold marked, its score."""
    fig, ax = plt.subplots(figsize=(6, 0.3 * k + 1.0))
    part = np.zeros((k, k))
    part[: len(scores)] = 1 + np.eye(k)[: len(scores)]
    colors = ListedColormap(["#EDF0F2", PALE, PART_COLORS[1]])
    ax.pcolormesh(part, cmap=colors, vmin=0, vmax=2, edgecolors=PAPER, lw=3)
    for r, score in enumerate(scores):
        ax.text(r + 0.5, r + 0.5, "val", ha="center", va="center", color="white", fontsize=8, weight="bold")
        ax.text(k + 0.3, r + 0.5, f"{score:.3f}", va="center", color=COLORS["orange"])
    ax.text(k + 0.3, -0.5, "accuracy", va="center")
    ax.text(k + 0.3, k + 0.5, f"{np.mean(scores):.3f} mean", va="center", color=COLORS["blue"], weight="bold")
    ticks, numbers = np.arange(k) + 0.5, range(1, k + 1)
    ax.set(xlim=(0, 1.28 * k), ylim=(k, 0), yticks=ticks, yticklabels=numbers, ylabel="round")
    ax.set(xticks=ticks, xticklabels=numbers)
    ax.set_xlabel("fold", x=0.5 / 1.28)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.grid(False)
    return fig


def best_of(tests: np.ndarray, fresh: float, chance: float, bins: np.ndarray) -> Figure:
    """Test accuracies of all tries so far as a histogram, the best marked, beside that try's accuracy on new data."""
    fig, ax = plt.subplots(figsize=(7, 3.1))
    heights, _ = np.histogram(tests, bins)
    ax.stairs(heights, bins, fill=True, color=PALE)
    top = float(heights.max())
    best = float(tests.max())
    ax.axvline(chance, color=INK, lw=1, ls=":")
    marks = ((best, "orange", f"best on the test: {best:.0%}"), (fresh, "blue", f"on new data: {fresh:.1%}"))
    for height, (value, color, words) in zip((0.62, 0.88), marks, strict=True):
        ax.plot([value, value], [0, 1.3 * top * height], color=COLORS[color], lw=2)
        side, shift = ("left", 4) if value >= chance else ("right", -4)
        at = (value, 1.3 * top * height)
        ax.annotate(words, at, (shift, 0), textcoords="offset points", ha=side, va="center", color=COLORS[color])
    ax.set(xlim=(bins[0], bins[-1]), ylim=(0, 1.3 * top), xlabel="accuracy", ylabel="tries")
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    return fig
