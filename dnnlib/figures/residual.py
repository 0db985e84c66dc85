"""Pictures of residual networks: the block, the network unrolled into its paths, two landscapes. Lectures D05, D06."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from dnnlib.figures.style import COLORS, INK, PAPER

Point = tuple[float, float]


def two_blocks() -> Figure:
    """The same two weight layers twice: left as a plain block, right with the input added to what they give."""
    fig, axes = plt.subplots(1, 2, figsize=(5.6, 4.4))
    plain, residual = axes
    for ax in axes:
        _box(ax, (0, 3.0), "weights")
        _box(ax, (0, 1.9), "ReLU", "grey")
        _box(ax, (0, 0.8), "weights")
        _chain(ax, [(0, 4.4), (0, 3.0), (0, 1.9), (0, 0.8)])
        ax.text(-0.2, 4.05, "$x$", ha="right", va="center", fontsize=12)
        ax.set(xlim=(-1.5, 1.9), ylim=(-2.55, 4.6), aspect="equal")
        ax.axis("off")
    _box(plain, (0, -0.9), "ReLU", "grey")
    _chain(plain, [(0, 0.8), (0, -0.9), (0, -2.4)])
    plain.text(0.2, 0.0, "$H(x)$", va="center", fontsize=12)
    residual.add_patch(Circle((0, -0.35), 0.24, fc=PAPER, ec=COLORS["orange"], lw=2, zorder=3))
    residual.text(0, -0.36, "+", ha="center", va="center", fontsize=14, color=COLORS["orange"], zorder=4)
    _box(residual, (0, -1.5), "ReLU", "grey")
    _arrow(residual, (0, 0.46), (0, -0.11))
    _arrow(residual, (0, -0.59), (0, -1.16))
    _arrow(residual, (0, -1.84), (0, -2.45))
    residual.plot([0.02, 1.35, 1.35], [3.75, 3.75, -0.35], color=COLORS["orange"], lw=2, zorder=1)
    _arrow(residual, (1.36, -0.35), (0.24, -0.35), "orange")
    residual.text(1.45, 1.7, "$x$", va="center", fontsize=12, color=COLORS["orange"])
    residual.text(-0.15, 0.2, "$F(x)$", ha="right", va="center", fontsize=12)
    residual.text(-0.2, -0.87, "$H(x) = F(x) + x$", ha="right", va="center", fontsize=11)
    residual.set_xlim(-2.4, 1.9)
    plain.set_title("plain block", loc="center")
    residual.set_title("residual block", loc="center")
    return fig


def unrolled() -> Figure:
    """Three residual blocks in a row, and the eight ways through them, by the number of bodies on the way."""
    fig, (row, paths) = plt.subplots(2, 1, figsize=(5.8, 4.6), height_ratios=[1, 2.3])
    _row_of_blocks(row)
    lanes = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    for lane, used in enumerate(lanes):
        y = -0.62 * lane
        color = COLORS["orange"] if sum(used) == 0 else COLORS["blue"]
        paths.plot([0, 7.6], [y, y], color=color, lw=1.6, zorder=1)
        for block, passed in enumerate(used):
            if passed:
                _box(paths, (1.6 + 2.2 * block, y), f"$F_{block + 1}$", "blue", 0.45, 0.44)
        paths.text(7.75, y, f"{sum(used)}", va="center", color=color)
    paths.text(-0.15, -2.17, "$x_0$", ha="right", va="center", fontsize=12)
    paths.text(7.9, 0.62, "bodies on the way", ha="right", va="center", fontsize=9)
    paths.set(xlim=(-0.7, 8.2), ylim=(-4.75, 0.95))
    paths.axis("off")
    return fig


def landscapes(ticks: np.ndarray, losses: Mapping[str, np.ndarray], levels: Sequence[float], title: str = "") -> Figure:
    """Slices of loss landscapes side by side, over the same square and in the same colours at the same levels."""
    fig, axes = plt.subplots(1, len(losses), figsize=(3.1 * len(losses), 3.4), sharey=True)
    for ax, (name, loss) in zip(np.atleast_1d(axes), losses.items(), strict=True):
        filled = ax.contourf(ticks, ticks, loss, levels=levels, cmap="Blues_r", extend="both")
        ax.contour(ticks, ticks, loss, levels=levels, colors=INK, linewidths=0.5)
        ax.plot(0, 0, "o", ms=6, color=COLORS["orange"], mec=PAPER)
        ax.set(aspect="equal", xlabel=r"$\alpha$")
        ax.set_title(name, loc="center")
        ax.grid(False)
    np.atleast_1d(axes)[0].set_ylabel(r"$\beta$")
    fig.colorbar(filled, ax=axes, shrink=0.75, label="loss", ticks=levels[:: max(1, len(levels) // 7)])
    fig.suptitle(title, fontsize=11)
    return fig


def _row_of_blocks(ax: Axes) -> None:
    ax.plot([0, 7.6], [0, 0], color=COLORS["orange"], lw=2, zorder=1)
    for block in range(3):
        x = 1.6 + 2.2 * block
        ax.plot([x - 0.75, x - 0.75, x + 0.75, x + 0.75], [0, 1, 1, 0], color=COLORS["blue"], lw=1.6, zorder=1)
        _box(ax, (x, 1), f"$F_{block + 1}$", "blue", 0.45, 0.6)
        ax.add_patch(Circle((x + 0.75, 0), 0.2, fc=PAPER, ec=COLORS["orange"], lw=1.6, zorder=3))
        ax.text(x + 0.75, -0.01, "+", ha="center", va="center", color=COLORS["orange"], zorder=4)
    ax.text(-0.15, 0, "$x_0$", ha="right", va="center", fontsize=12)
    ax.text(7.7, 0, "$x_3$", va="center", fontsize=12)
    ax.set(xlim=(-0.7, 8.2), ylim=(-0.35, 1.5), aspect="equal")
    ax.axis("off")


def _box(
    ax: Axes, place: Point, text: str, color: str = "blue", half_width: float = 0.75, height: float = 0.64
) -> None:
    x, y = place
    corner = (x - half_width, y - height / 2)
    style = "round,pad=0.02,rounding_size=0.08"
    ax.add_patch(
        FancyBboxPatch(corner, 2 * half_width, height, boxstyle=style, fc=PAPER, ec=COLORS[color], lw=1.8, zorder=3)
    )
    ax.text(x, y, text, ha="center", va="center", fontsize=10, zorder=4)


def _chain(ax: Axes, places: Sequence[Point]) -> None:
    """Arrows downward from box to box; the first and the last place are bare ends if they lie outside a box."""
    for (x, above), (_, below) in pairwise(places):
        start = above - 0.34 if above < 4 else above
        end = below + 0.34 if below > -2 else below
        _arrow(ax, (x, start), (x, end))


def _arrow(ax: Axes, start: Point, end: Point, color: str = "") -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=12,
            shrinkA=0,
            shrinkB=0,
            lw=1.8 if color else 1.4,
            color=COLORS[color] if color else INK,
            zorder=2,
        )
    )
