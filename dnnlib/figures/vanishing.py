"""Gradients on their way back: a chain of neurons, curves by layer, a table of starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.ticker import FuncFormatter, LogLocator

from dnnlib.figures.style import COLORS, INK, PAPER

MARKERS = "osD^v"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def chain(nodes: Sequence[str], weights: Sequence[str], below: Sequence[str], figsize: tuple[float, float]) -> Figure:
    """One neuron a layer, in a row: `weights` stand on the arrows between `nodes`, `below` under each node.

    Raises ValueError unless there is one weight less than nodes, and one text below each node.
    """
    if len(weights) != len(nodes) - 1 or len(below) != len(nodes):
        raise ValueError(f"chain: {len(nodes)} nodes need {len(nodes) - 1} weights and {len(nodes)} texts below")
    fig, ax = plt.subplots(figsize=figsize)
    for i, name in enumerate(nodes):
        ends = i in (0, len(nodes) - 1)
        ax.add_patch(Circle((2 * i, 0), 0.46, fc=PAPER, ec=INK if ends else COLORS["blue"], lw=2, zorder=3))
        ax.text(2 * i, 0, name, ha="center", va="center", zorder=4)
        ax.text(2 * i, -0.66, below[i], ha="center", va="top", color=COLORS["orange"])
    for i, text in enumerate(weights):
        ax.add_patch(
            FancyArrowPatch((2 * i + 0.46, 0), (2 * i + 1.54, 0), arrowstyle="-|>", mutation_scale=12, color=INK)
        )
        ax.text(2 * i + 1, 0.2, text, ha="center", va="bottom", color=COLORS["green"])
    ax.set(xlim=(-0.8, 2 * len(nodes) - 1.2), ylim=(-1.9, 1.25), aspect="equal")
    ax.axis("off")
    return fig


def panels(columns: int, figsize: tuple[float, float], top: float = 0.9) -> tuple[Figure, list[Axes]]:
    """Panels side by side with fixed margins: frames of one slider neither jump nor wait for a layout."""
    fig, axes = plt.subplots(1, columns, figsize=figsize, layout="none", squeeze=False)
    width, height = figsize
    fig.subplots_adjust(left=0.75 / width, right=1 - 0.12 / width, bottom=0.5 / height, top=top, wspace=0.28)
    return fig, list(axes[0])


def powers(ax: Axes) -> None:
    """A log scale upwards, whose labels are plain text, as 10⁻³: they draw faster than formulas."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(numticks=9))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: "10" + f"{np.log10(y):.0f}".translate(RAISED)))
    ax.minorticks_off()


def by_layer(ax: Axes, curves: Mapping[str, Sequence[Sequence[float]]], ylabel: str, title: str = "") -> None:
    """On a log scale, against the layer from 1 on: for each name its curves (several starts) in one colour."""
    for (name, runs), color, marker in zip(curves.items(), COLORS.values(), MARKERS, strict=False):
        for i, run in enumerate(runs):
            label = name if i == 0 else None
            ax.plot(range(1, len(run) + 1), run, marker=marker, ms=4, lw=1.4, color=color, label=label)
    longest = max(len(run) for runs in curves.values() for run in runs)
    powers(ax)
    ax.set(xlabel="layer", ylabel=ylabel, title=title, xticks=range(1, longest + 1))


def crossing(ax: Axes, table: np.ndarray, rows: Sequence[str], columns: Sequence[str], title: str) -> None:
    """A table of accuracies as shades, the darker the better, with the number in every field; NaN is "diverges"."""
    ax.imshow(table, cmap="Blues", vmin=0, vmax=1.25, aspect="auto")
    for i, j in np.ndindex(table.shape):
        text = "diverges" if np.isnan(table[i, j]) else f"{table[i, j]:.0%}"
        ax.text(j, i, text, ha="center", va="center", color=PAPER if table[i, j] > 0.7 else INK, fontsize=9)
    ax.set_xticks(range(len(columns)), columns, fontsize=9)
    ax.set_yticks(range(len(rows)), rows, fontsize=9)
    ax.set_title(title, fontsize=10)
    ax.tick_params(length=0)
    ax.grid(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def histograms(ax: Axes, layers: Mapping[int, np.ndarray], title: str, low: float, high: float) -> None:
    """How the outputs of some layers are spread: one row a layer, the first at the top, each as high as its mode."""
    edges = np.linspace(low, high, 41)
    for row, values in enumerate(reversed(list(layers.values()))):
        counts, _ = np.histogram(np.clip(values, low, high), edges)
        ax.stairs(row + 0.85 * counts / counts.max(), edges, baseline=row, fill=True, color=COLORS["blue"], alpha=0.75)
    ax.set_yticks(np.arange(len(layers)) + 0.3, [f"{layer}" for layer in reversed(list(layers))], fontsize=9)
    ax.set(xlim=(low, high), ylim=(-0.05, len(layers)))
    ax.set_title(title, fontsize=10)
    ax.grid(False)
