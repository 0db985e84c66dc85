"""Networks drawn: structures side by side, a forward pass layer by layer, and what it does to the plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from dnnlib.figures.style import COLORS, INK, PAPER

Node = tuple[int, int]  # layer (0 for the inputs), neuron
PALE = "#B7C0C8"
RADIUS = 0.34  # of a neuron in `forward_pass`


def structure(
    ax: Axes,
    sizes: Sequence[int],
    joined: Callable[[Node, Node], bool] | None = None,
    title: str = "",
    reach: float = 1.5,
) -> None:
    """A small network without numbers: `sizes` neurons in each column, the inputs first.

    Every neuron is joined to all of the column before, unless `joined(source, target)` chooses the connections, which
    may then also skip columns. Neurons are pairs: the column and the place in it, from the top, both counted from 0.
    The picture reaches at least `reach` up and down from its middle, so that panels side by side have one scale.
    """
    nodes = [(layer, k) for layer, size in enumerate(sizes) for k in range(size)]
    place = {(layer, k): (float(layer), (sizes[layer] - 1) / 2 - k) for layer, k in nodes}
    for source in nodes:
        for target in nodes:
            dense = target[0] == source[0] + 1
            if joined(source, target) if joined else dense:
                bend = 0.0 if dense else -0.35
                ax.add_patch(
                    FancyArrowPatch(
                        place[source],
                        place[target],
                        arrowstyle="-",
                        connectionstyle=f"arc3,rad={bend}",
                        color=COLORS["grey"] if dense else COLORS["orange"],
                        lw=0.9 if dense else 1.6,
                        zorder=1,
                    )
                )
    for layer, k in nodes:
        ax.add_patch(Circle(place[layer, k], 0.2, fc=PAPER, ec=COLORS["blue"] if layer else INK, lw=1.6, zorder=2))
    reach = max(reach, (max(sizes) - 1) / 2)
    ax.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-reach - 0.4, reach + 0.4), aspect="equal")
    ax.set_title(title, fontsize=9, loc="center")
    ax.axis("off")


def forward_pass(
    weights: Sequence[np.ndarray],
    biases: Sequence[np.ndarray],
    z: Sequence[np.ndarray],
    a: Sequence[np.ndarray],
    reached: int,
) -> Figure:
    """A dense network with its weights on the connections, biases at the neurons, and its values up to a layer.

    `a[0]` is the input, `z[l - 1]` and `a[l]` the sums and activations of layer l. Layers after `reached` are drawn
    pale and without values; the connections into `reached` stand out.
    """
    fig, ax = plt.subplots(figsize=(4.8, 3.6))
    sizes = [len(values) for values in a]
    place = {(n, k): (1.9 * n, 1.0 * (size - 1) - 2.0 * k) for n, size in enumerate(sizes) for k in range(size)}
    for layer, w in enumerate(weights, start=1):
        for k, j in np.ndindex(*w.shape):
            _weight(ax, place[layer - 1, j], place[layer, k], f"{w[k, j]:g}".replace("-", "−"), reached - layer)
    for (layer, k), (x, y) in place.items():
        known = layer <= reached
        edge = INK if layer == 0 else COLORS["blue"] if known else PALE
        ax.add_patch(Circle((x, y), RADIUS, fc=PAPER, ec=edge, lw=2, zorder=3))
        if known:
            text = f"{a[layer][k]:.2f}" if layer else f"{a[0][k]:g}".replace("-", "−")
            ax.text(x, y, text, ha="center", va="center", weight="bold", color=edge, zorder=4)
        if layer:
            side = 1 if y > 0 else -1
            bias = f"b = {biases[layer - 1][k]:g}".replace("-", "−")
            total = f"z = {z[layer - 1][k]:.2f}".replace("-", "−") if known else ""
            _beside(ax, x, y + side * 0.48, bias, COLORS["orange"], side)
            _beside(ax, x, y + side * 0.84, total, COLORS["green"], side)
    for layer in range(len(sizes)):
        ax.text(1.9 * layer, -2.6, f"layer {layer}" if layer else "input", ha="center", fontsize=9, color=INK)
    ax.set(xlim=(-0.5, 1.9 * (len(sizes) - 1) + 0.6), ylim=(-2.75, 2.3), aspect="equal")
    ax.axis("off")
    return fig


def _beside(ax: Axes, x: float, y: float, text: str, color: str, side: int) -> None:
    ax.text(x, y, text, ha="center", va="bottom" if side > 0 else "top", color=color, zorder=4)


def _weight(ax: Axes, start: tuple[float, float], end: tuple[float, float], text: str, age: int) -> None:
    """A connection with its weight near the source, where crossing ones are apart; `age` 0 stands out, below 0 is
    still to come."""
    first, last = np.array(start), np.array(end)
    edge = RADIUS * (last - first) / np.linalg.norm(last - first)
    color = COLORS["blue"] if age == 0 else INK if age > 0 else PALE
    ax.add_patch(
        FancyArrowPatch(
            first + edge,
            last - edge,
            arrowstyle="-|>",
            mutation_scale=11,
            shrinkA=0,
            shrinkB=0,
            color=color,
            lw=2.0 if age == 0 else 1.0,
        )
    )
    x, y = 0.7 * first + 0.3 * last
    box = {"fc": PAPER, "ec": "none", "pad": 1}
    ax.text(x, y, text, ha="center", va="center", bbox=box, color=COLORS["blue"] if age == 0 else INK, zorder=2)


def plane_through_layers(
    stages: Sequence[tuple[str, Callable[[np.ndarray], np.ndarray]]], marks: Sequence[tuple[float, float]], reach: float
) -> Figure:
    """The square grid from −reach to reach, after each of the `stages`: (title, function of points (N, 2)).

    Lines of constant x₁ are blue, those of constant x₂ orange; `marks` are points of the input, numbered.
    """
    columns = 2
    rows = -(-len(stages) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(5.2, 2.5 * rows))
    along = np.linspace(-reach, reach, 241)
    for ax, (title, stage) in zip(axes.flat, stages, strict=False):
        for c in np.linspace(-reach, reach, 7):
            for points, color in (
                (np.column_stack([np.full_like(along, c), along]), "blue"),
                (np.column_stack([along, np.full_like(along, c)]), "orange"),
            ):
                ax.plot(*stage(points).T, color=COLORS[color], lw=1)
        for number, (x, y) in enumerate(stage(np.array(marks)), start=1):
            ax.plot(x, y, "o", ms=12, color=INK, zorder=4)
            ax.text(x, y, str(number), ha="center", va="center", color=PAPER, fontsize=8, weight="bold", zorder=5)
        ax.set_title(title)
        ax.grid(False)
    return fig
