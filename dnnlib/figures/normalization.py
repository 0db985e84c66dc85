"""The pictures of chapter 14: what depends on what in batch normalization, and how a layer's sums are spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import NullLocator

from dnnlib.figures.style import COLORS, INK, PAPER

Point = tuple[float, float]
ROWS = (1.5, 0.0, -1.5)  # of the three examples
BAR = "#A9B4BE"


def dependencies() -> Figure:
    """The computation graph of a batch of three: z to μ and σ², these and z to ẑ, and ẑ to u by γ and β."""
    fig, ax = plt.subplots(figsize=(5.8, 4.3))
    mean, variance, affine = (2.0, 2.9), (2.0, -2.9), (6.3, 2.9)
    for n, y in enumerate(ROWS, 1):
        z, normal, out = (0.0, y), (4.3, y), (6.3, y)
        _arrow(ax, z, normal, INK)
        _arrow(ax, normal, out, INK)
        for node, color in ((mean, COLORS["blue"]), (variance, COLORS["orange"])):
            _arrow(ax, z, node, color)
            _arrow(ax, node, normal, color)
        for place, text in ((z, rf"$z_{n}$"), (normal, rf"$\hat z_{n}$"), (out, rf"$u_{n}$")):
            _node(ax, place, text, INK)
    _arrow(ax, mean, variance, COLORS["blue"])
    _arrow(ax, affine, (6.3, ROWS[0]), COLORS["green"])
    _node(ax, mean, r"$\mu_B$", COLORS["blue"])
    _node(ax, variance, r"$\sigma_B^2$", COLORS["orange"])
    _node(ax, affine, r"$\gamma,\ \beta$", COLORS["green"])
    ax.text(6.3, -2.35, "(γ, β reach\nevery $u$)", ha="center", va="top", fontsize=9, color=COLORS["green"])
    ax.set(xlim=(-0.6, 7.1), ylim=(-3.5, 3.5), aspect="equal")
    ax.axis("off")
    return fig


def _node(ax: Axes, place: Point, text: str, color: str) -> None:
    box = {"boxstyle": "round,pad=0.35", "fc": PAPER, "ec": color, "lw": 1.8}
    ax.text(*place, text, ha="center", va="center", fontsize=13, color=color, bbox=box, zorder=3)


def _arrow(ax: Axes, start: Point, end: Point, color: str) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=11, shrinkA=17, shrinkB=17, color=color, lw=1.3, zorder=2
        )
    )


def spreads(sums: Mapping[str, Mapping[str, np.ndarray]], title: str, reach: float = 8.0) -> Figure:
    """Histograms of weighted sums: a column for each network, a row for each of its layers; their spread is written.

    `sums[network][layer]` are a layer's sums of all neurons and examples. What lies beyond ±`reach` is counted at the
    edge. The thick line under a histogram is the middle half of the layer's neuron means.
    """
    columns = list(sums)
    rows = list(sums[columns[0]])
    fig, axes = plt.subplots(len(rows), len(columns), figsize=(6, 4.2), sharex=True, squeeze=False)
    bins = np.linspace(-reach, reach, 49)
    for column, network in enumerate(columns):
        axes[0, column].set_title(network, fontsize=10)
        for row, layer in enumerate(rows):
            ax, z = axes[row, column], sums[network][layer]
            color = COLORS["orange" if column == 0 else "blue"]
            heights, _ = np.histogram(np.clip(z, -reach, reach), bins, density=True)
            ax.stairs(heights, bins, fill=True, color=BAR)
            low, high = np.quantile(z.mean(axis=0), [0.25, 0.75])
            middle = (low - 0.1, high + 0.1)  # to be seen even where all means are equal
            ax.plot(middle, [0, 0], color=color, lw=7, solid_capstyle="butt")
            ax.text(0.98, 0.9, f"s = {z.std():.2f}", transform=ax.transAxes, ha="right", va="top", fontsize=9)
            ax.set(ylim=(-0.03, 0.78), yticks=[], ylabel=layer if column == 0 else "")
            ax.grid(axis="y", visible=False)
    for ax in axes[-1]:
        ax.set_xlabel("weighted sum")
    fig.suptitle(title, fontsize=11)
    return fig


def grid_curves(ax: Axes, settings: Sequence[float], losses: Mapping[str, np.ndarray], top: float, xlabel: str) -> None:
    """A curve for each network: the mean over the seeds, losses[name] being (settings, seeds), and a dot a seed.

    Losses above `top`, or not finite, are drawn at `top`.
    """
    looks = zip(("orange", "blue", "green"), ("--", "-", ":"), "so^", strict=True)
    for (name, values), (color, line, marker) in zip(losses.items(), looks, strict=False):
        shown = np.minimum(np.nan_to_num(values, nan=top, posinf=top), top)
        ax.plot(settings, shown.mean(axis=1), line, color=COLORS[color], label=name)
        for seed in shown.T:
            ax.plot(settings, seed, marker, ms=4, color=COLORS[color])
    ax.set_xscale("log")
    ax.set_xticks(settings, [f"{setting:g}" for setting in settings])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel=xlabel, ylabel="training loss", ylim=(0, top * 1.06))
    ax.legend(fontsize=9)


def answers(trained: np.ndarray, tested: np.ndarray, label: int, title: str) -> Figure:
    """Ten probabilities twice: as bars, those of training mode; as dashes, those of testing mode."""
    fig, ax = plt.subplots(figsize=(5.6, 3))
    right = int(trained.argmax()) == label
    colors = [COLORS["blue" if right else "orange"] if k == trained.argmax() else BAR for k in range(10)]
    ax.bar(range(10), trained, color=colors, label="training mode, in this batch")
    ax.hlines(tested, np.arange(10) - 0.45, np.arange(10) + 0.45, color=INK, lw=2, label="testing mode")
    ax.set(xticks=range(10), ylim=(0, 1.32), yticks=[0, 0.5, 1], xlabel="digit", ylabel="probability", title=title)
    ax.legend(fontsize=9, ncols=2, loc="upper center")
    ax.grid(axis="x", visible=False)
    return fig
