"""Neurons and networks drawn, and what a neuron does to the plane."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch, Rectangle
from matplotlib.path import Path

from dnnlib.figures.style import COLORS, INK, PAPER

RADIUS = 0.27  # of a neuron in a network diagram
PALE = "#C9D0D6"  # of what is off


def _arrow(color: str) -> dict[str, Any]:
    return {"arrowstyle": "-|>", "color": color, "lw": 2}


def half_planes(
    ax: Axes, w: Sequence[float], b: float, low: float = -0.6, high: float = 1.6, arrow: bool = True
) -> None:
    """Shade the half-plane b + w·x > 0, draw the line b + w·x = 0 and, from it, the direction of w.

    `w` has two entries; the axes then go from `low` to `high` on both sides.
    """
    grid = np.linspace(low, high, 400)
    x1, x2 = np.meshgrid(grid, grid)
    z = b + w[0] * x1 + w[1] * x2
    ax.contourf(x1, x2, z > 0, levels=[-0.5, 0.5, 1.5], colors=[PAPER, "#CFE3F0"])
    length = float(np.hypot(w[0], w[1]))
    if length > 0:
        ax.contour(x1, x2, z, levels=[0], colors=COLORS["blue"], linewidths=2)
        direction = np.asarray(w) / length
        foot = -b / length * direction
        if arrow and np.all((foot > low) & (foot < high)):
            reach = (high - low) / 6
            tip, label = foot + reach * direction, foot + 1.25 * reach * direction
            ax.annotate("", (tip[0], tip[1]), (foot[0], foot[1]), arrowprops=_arrow(COLORS["blue"]))
            ax.text(label[0], label[1], "w", ha="center", va="center", color=COLORS["blue"], weight="bold")
    ax.set(xlim=(low, high), ylim=(low, high), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    ax.grid(False)


def corners(ax: Axes, x: np.ndarray, y: np.ndarray, title: str = "") -> None:
    """The rows of a truth table as points: a filled disc where the target is 1, a ring where it is 0."""
    for (x1, x2), target in zip(x, y, strict=True):
        ax.plot(x1, x2, "o", ms=13, mew=2, mec=INK, mfc=INK if target else PAPER, zorder=3)
    ax.set(xlim=(-0.6, 1.6), ylim=(-0.6, 1.6), aspect="equal", xticks=[0, 1], yticks=[0, 1], title=title)
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.grid(False)


def truth_plane(
    ax: Axes, x: np.ndarray, y: np.ndarray, w: Sequence[float], b: float, title: str = "", arrow: bool = True
) -> None:
    """A neuron's half-planes with the corners of a truth table, and a cross through those that it gets wrong."""
    half_planes(ax, w, b, arrow=arrow)
    corners(ax, x, y, title)
    wrong = x[(b + x @ np.asarray(w) > 0) != (y == 1)]
    ax.plot(wrong[:, 0], wrong[:, 1], "x", ms=19, mew=3, color=COLORS["orange"], zorder=4)


def network_diagram(
    layers: Sequence[Sequence[str]],
    weights: dict[tuple[str, str], str] | None = None,
    biases: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    figsize: tuple[float, float] = (7, 3),
) -> Figure:
    """Circles in columns, every one joined to all of the next column.

    `layers` are the columns from left to right, each a list of the neurons' names; `weights[name, name]` is written on
    a connection, `biases[name]` under a neuron, `values[name]` above it: what it computed. A connection that `weights`
    leaves out is not drawn, if it has any.
    """
    fig, ax = plt.subplots(figsize=figsize)
    place = {
        name: (2.2 * column, (len(names) - 1) / 2 - row)
        for column, names in enumerate(layers)
        for row, name in enumerate(names)
    }
    for left, right in pairwise(layers):
        for source in left:
            for target in right:
                if weights is None or (source, target) in weights:
                    _connection(ax, place[source], place[target], (weights or {}).get((source, target), ""))
    for column, names in enumerate(layers):
        for name in names:
            color = INK if column == 0 else COLORS["blue"]
            ax.add_patch(Circle(place[name], RADIUS, fc=PAPER, ec=color, lw=2, zorder=3))
            ax.text(*place[name], name, ha="center", va="center", zorder=4)
            if biases and name in biases:
                x, y = place[name]
                ax.text(x, y - RADIUS - 0.04, biases[name], ha="center", va="top", color=COLORS["orange"], zorder=4)
            if values and name in values:
                x, y = place[name]
                ax.text(x, y + RADIUS + 0.04, values[name], ha="center", va="bottom", color=COLORS["green"], zorder=4)
    ax.set_aspect("equal")
    ax.axis("off")
    ax.autoscale_view()
    ax.margins(0.04, 0.12)
    return fig


def _connection(ax: Axes, start: tuple[float, float], end: tuple[float, float], text: str) -> None:
    first, last = np.array(start), np.array(end)
    edge = RADIUS * (last - first) / np.linalg.norm(last - first)
    ax.add_patch(
        FancyArrowPatch(first + edge, last - edge, arrowstyle="-|>", mutation_scale=12, shrinkA=0, shrinkB=0, color=INK)
    )
    if text:
        x, y = 0.64 * first + 0.36 * last
        ax.text(x, y, text, ha="center", va="center", bbox={"fc": PAPER, "ec": "none", "pad": 1}, zorder=2)


def thinned_network(ax: Axes, active: Sequence[np.ndarray], title: str = "", off: str = "pale") -> None:
    """A dense network of which only some neurons take part: those that a ReLU lets pass, or that dropout keeps.

    `active` holds True or False for every neuron, layer by layer, inputs and outputs too. What does not take part is
    pale with all its connections (`off="pale"`), pale and crossed out without them ("crossed"), or left out ("absent").
    Raises ValueError for another `off`. Lectures A34, C23.
    """
    if off not in ("pale", "crossed", "absent"):
        raise ValueError(f'thinned_network: off must be "pale", "crossed" or "absent", got {off!r}')
    place = [[(1.5 * x, (len(layer) - 1) / 2 - i) for i in range(len(layer))] for x, layer in enumerate(active)]
    ends: dict[bool, list[Any]] = {True: [], False: []}
    for x, (left, right) in enumerate(pairwise(active)):
        for i, j in np.ndindex(len(left), len(right)):
            ends[bool(left[i] and right[j])].append([place[x][i], place[x + 1][j]])
    ax.add_collection(LineCollection(ends[True], colors=COLORS["blue"], linewidths=1.1, zorder=2))
    if off == "pale":
        ax.add_collection(LineCollection(ends[False], colors=PALE, linewidths=0.7, zorder=1))
    for x, layer in enumerate(active):
        for i, on in enumerate(layer):
            if on or off != "absent":
                color = (INK if x in (0, len(active) - 1) else COLORS["blue"]) if on else PALE
                ax.add_patch(Circle(place[x][i], RADIUS, fc=PAPER, ec=color, lw=1.8, zorder=3))
            if not on and off == "crossed":
                ax.plot(*place[x][i], "x", ms=7, mew=1.5, color=COLORS["orange"], zorder=4)
    reach = (max(len(layer) for layer in active) - 1) / 2 + 0.45
    ax.set(xlim=(-0.45, 1.5 * (len(active) - 1) + 0.45), ylim=(-reach, reach), aspect="equal")
    ax.set_title(title, fontsize=10, loc="center")
    ax.axis("off")


def biological_and_artificial() -> Figure:
    """A nerve cell and an artificial neuron side by side, with the parts that correspond in the same colours."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.1))
    _nerve_cell(left)
    _artificial_neuron(right)
    for ax, title in ((left, "Nerve cell"), (right, "Artificial neuron")):
        ax.set(title=title, xlim=(-2.3, 2.6), ylim=(-2.05, 1.6), aspect="equal")
        ax.axis("off")
    return fig


def _curve(ax: Axes, points: Sequence[tuple[float, float]], color: str, width: float) -> None:
    codes = [Path.MOVETO, *[Path.CURVE3] * (len(points) - 1)]
    ax.add_patch(PathPatch(Path(np.array(points), codes), fc="none", ec=color, lw=width, capstyle="round"))


def _nerve_cell(ax: Axes) -> None:
    for sign in (1, -1):
        _curve(ax, [(-0.35, 0.3 * sign), (-1.1, 0.35 * sign), (-1.9, 1.15 * sign)], COLORS["orange"], 4)
        _curve(ax, [(-1.27, 0.63 * sign), (-1.7, 0.8 * sign), (-2.1, 0.75 * sign)], COLORS["orange"], 2)
        _curve(ax, [(-1.4, 0.0), (-1.8, 0.05 * sign), (-2.1, 0.3 * sign)], COLORS["orange"], 2)
    _curve(ax, [(-0.4, 0.0), (-0.9, 0.0), (-1.4, 0.0)], COLORS["orange"], 4)
    _curve(ax, [(0.4, 0.0), (1.0, 0.15), (1.7, 0.0)], COLORS["green"], 5)
    for end in (0.55, 0.0, -0.55):
        _curve(ax, [(1.7, 0.0), (2.0, end / 3), (2.25, end)], COLORS["green"], 2.5)
    ax.add_patch(Circle((0, 0), 0.5, fc="#CFE3F0", ec=COLORS["blue"], lw=2))
    ax.add_patch(Circle((0, 0), 0.16, fc=COLORS["blue"], ec="none"))
    ax.text(-1.4, -1.9, "dendrites\nreceive", ha="center", color=COLORS["orange"])
    ax.text(0.1, -1.9, "cell body\nadds up", ha="center", color=COLORS["blue"])
    ax.text(1.65, -1.9, "axon\nfires or not", ha="center", color=COLORS["green"])


def _artificial_neuron(ax: Axes) -> None:
    for y, name, weight in ((1.1, "$x_1$", "$w_1$"), (0.0, "$x_2$", "$w_2$"), (-1.1, "$x_m$", "$w_m$")):
        ax.annotate("", (-0.45, y * 0.25), (-1.75, y), arrowprops=_arrow(COLORS["orange"]))
        ax.text(-2.0, y, name, ha="center", va="center", color=COLORS["orange"], size=12)
        ax.text(-1.15, y * 0.62 + 0.16, weight, ha="center", color=COLORS["orange"])
    ax.text(-2.0, -0.55, "⋮", ha="center", va="center", color=COLORS["orange"])
    ax.add_patch(Circle((0, 0), 0.5, fc="#CFE3F0", ec=COLORS["blue"], lw=2))
    ax.text(0, 0, "Σ", ha="center", va="center", size=18, color=COLORS["blue"])
    ax.annotate("", (0, 0.55), (0, 1.2), arrowprops=_arrow(COLORS["blue"]))
    ax.text(0, 1.32, "bias $w_0$", ha="center", color=COLORS["blue"])
    ax.annotate("", (1.05, 0), (0.5, 0), arrowprops=_arrow(COLORS["blue"]))
    ax.text(0.77, 0.12, "$z$", ha="center", color=COLORS["blue"])
    ax.add_patch(Rectangle((1.05, -0.35), 0.7, 0.7, fc=PAPER, ec=COLORS["green"], lw=2))
    ax.plot([1.13, 1.4, 1.4, 1.67], [-0.22, -0.22, 0.22, 0.22], color=COLORS["green"])
    ax.annotate("", (2.3, 0), (1.75, 0), arrowprops=_arrow(COLORS["green"]))
    ax.text(2.45, 0, r"$\hat{y}$", ha="center", va="center", color=COLORS["green"], size=12)
    ax.text(-1.4, -1.9, "weighted\ninputs", ha="center", color=COLORS["orange"])
    ax.text(0.1, -1.9, "sum\nand bias", ha="center", color=COLORS["blue"])
    ax.text(1.65, -1.9, "step\n0 or 1", ha="center", color=COLORS["green"])
