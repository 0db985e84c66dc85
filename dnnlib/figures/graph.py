"""Networks and computations drawn as graphs with numbers on them: what flows right, and what flows back left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Polygon

from dnnlib.figures.style import COLORS, INK, PAPER

Edge = tuple[str, str]  # the names of the nodes that it joins, the left one first
Point = tuple[float, float]

RADIUS = 0.4
STEP = 2.5  # from column to column
HEIGHT = 2.4  # from row to row
LINE = 12.8  # points from line to line beside a node


def graph(
    columns: Sequence[Sequence[str]],
    edges: Mapping[Edge, str],
    above: Mapping[str, str] | None = None,
    below: Mapping[str, str] | None = None,
    gradients: Mapping[Edge, str] | None = None,
    title: str = "",
    figsize: tuple[float, float] = (5.8, 4.6),
    backward: bool = False,
    lines: int = 1,
) -> Figure:
    """Nodes in columns from left to right, joined by `edges`, whose texts are written on them.

    `above` a node stand the numbers of the forward pass, in green, `below` it those of the backward pass, in orange. In
    the upper half both stand above, in the lower half both below, where no edge runs; `lines` is the room kept for
    them. `gradients` stand under the text of an edge, in purple. With `backward` the arrows run from right to left, and
    the nodes are amplifiers: triangles that point the same way. Raises ValueError for a name that no column has.
    """
    places = _places(columns)
    gradients = gradients or {}
    named = {*(above or {}), *(below or {}), *(name for edge in [*edges, *gradients] for name in edge)}
    if unknown := sorted(named - set(places)):
        raise ValueError(f"graph: {', '.join(unknown)} is in none of the columns {[list(c) for c in columns]}")
    fig, ax = plt.subplots(figsize=figsize)
    for (left, right), text in edges.items():
        ends = (places[right], places[left]) if backward else (places[left], places[right])
        _arrow(ax, *ends, backward)
        _edge_text(
            ax, places[left], places[right], text, gradients.get((left, right), ""), _where(columns, left, right)
        )
    for name, place in places.items():
        _node(ax, place, name, backward)
        _side_texts(ax, place, (above or {}).get(name, ""), (below or {}).get(name, ""))
    rows = max(len(names) for names in columns)
    ax.set(xlim=(-0.8, STEP * (len(columns) - 1) + 0.8), aspect="equal")
    reach = HEIGHT * (rows - 1) / 2 + RADIUS + 0.15 + 0.24 * lines
    ax.set_ylim(-reach, reach)
    ax.axis("off")
    ax.set_title(title, fontsize=11)
    return fig


def _places(columns: Sequence[Sequence[str]]) -> dict[str, Point]:
    return {
        name: (STEP * column, HEIGHT * ((len(names) - 1) / 2 - row))
        for column, names in enumerate(columns)
        for row, name in enumerate(names)
    }


def _where(columns: Sequence[Sequence[str]], left: str, right: str) -> float:
    """How far along an edge its text stands: off the middle, where edges cross."""
    start, end = (next(names for names in columns if name in names) for name in (left, right))
    level = len(start) == len(end) and start.index(left) == end.index(right)
    return 0.5 if level or min(len(start), len(end)) == 1 else 0.29


def _arrow(ax: Axes, start: Point, end: Point, backward: bool) -> None:
    first, last = np.array(start), np.array(end)
    gap = (RADIUS + 0.03) * (last - first) / np.linalg.norm(last - first)
    color = COLORS["orange"] if backward else INK
    tips = (float(p) for p in (*(first + gap), *(last - gap)))
    x0, y0, x1, y1 = tips
    ax.add_patch(
        FancyArrowPatch((x0, y0), (x1, y1), arrowstyle="-|>", mutation_scale=12, shrinkA=0, shrinkB=0, color=color)
    )


def _edge_text(ax: Axes, left: Point, right: Point, text: str, gradient: str, at: float) -> None:
    x, y = ((1 - at) * left[0] + at * right[0], (1 - at) * left[1] + at * right[1])
    box = {"fc": PAPER, "ec": "none", "pad": 1.5}
    if not (text and gradient):
        color = COLORS["purple"] if gradient else INK
        ax.text(x, y, text or gradient, ha="center", va="center", color=color, bbox=box if text or gradient else None)
        return
    ax.text(x, y, f"{text}\n{gradient}", ha="center", va="center", color=PAPER, bbox=box, zorder=2)  # the ground
    ax.text(x, y + 0.03, text, ha="center", va="bottom", zorder=3)
    ax.text(x, y - 0.03, gradient, ha="center", va="top", color=COLORS["purple"], zorder=3)


def _node(ax: Axes, place: Point, name: str, amplifier: bool) -> None:
    x, y = place
    shape: Circle | Polygon = Circle(place, RADIUS, fc=PAPER, ec=COLORS["blue"], lw=2, zorder=3)
    if amplifier:
        corners = [(x - RADIUS, y), (x + RADIUS, y + RADIUS), (x + RADIUS, y - RADIUS)]
        shape = Polygon(corners, fc=PAPER, ec=COLORS["orange"], lw=2, zorder=3)
    ax.add_patch(shape)
    ax.text(x + (0.12 if amplifier else 0), y, name, ha="center", va="center", zorder=4)


def _side_texts(ax: Axes, place: Point, forward: str, backward: str) -> None:
    """Green and orange lines on the node's outer side, green next to it; on both sides of a node in the middle."""
    outer = -1 if place[1] < 0 else 1
    used = LINE * (forward.count("\n") + 1) if forward else 0.0
    far = (outer, used) if place[1] else (-1, 0.0)
    for text, (side, offset), color in ((forward, (outer, 0.0), "green"), (backward, far, "orange")):
        ax.annotate(
            text,
            (place[0], place[1] + side * (RADIUS + 0.08)),
            (0, side * offset),
            textcoords="offset points",
            ha="center",
            va="bottom" if side > 0 else "top",
            color=COLORS[color],
            fontsize=9.5,
            zorder=4,
        )
