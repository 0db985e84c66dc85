"""Pictures of gradient descent: balls on a curve, a walk in the fog, landscapes in space. Lectures A24, B09, C09."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dnnlib.figures.style import COLORS, INK, PAPER
from dnnlib.surfaces import SADDLE

FOG = "#C3CBD2"
TINTS = ["#BFD9EA", "#D5EBE2", "#EBD3E0", "#F8E0CF"]


def balls_on_curve(
    ax: Axes, loss: Callable[[np.ndarray], np.ndarray], xlim: tuple[float, float], paths: Sequence[np.ndarray]
) -> None:
    """The curve loss(θ) with a ball for each path at its last point, small dots where it was before."""
    theta = np.linspace(*xlim, 400)
    ax.plot(theta, loss(theta), color=INK, lw=1.5)
    for points, color in zip(paths, COLORS.values(), strict=False):
        ax.plot(points[:-1], loss(points[:-1]), "o", ms=4, color=color, alpha=0.6)
        ax.plot(points[-1:], loss(points[-1:]), "o", ms=12, mec=PAPER, color=color, zorder=4)
    ax.set(xlim=xlim, xlabel=r"$\theta$", ylabel=r"$L(\theta)$")


def fog(ax: Axes, points: np.ndarray, radius: float) -> None:
    """Cover the plane with fog, except within `radius` of the points (n, 2)."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    a, b = np.meshgrid(np.linspace(left, right, 300), np.linspace(bottom, top, 300))
    nearest = np.min([np.hypot(a - p, b - q) for p, q in points], axis=0)
    ax.contourf(a, b, nearest, levels=[radius, np.inf], colors=[FOG], zorder=2.05)
    ax.set(xlim=(left, right), ylim=(bottom, top))


def surface(ax: Any, a: np.ndarray, b: np.ndarray, height: np.ndarray) -> None:
    """Draw height over the grid (a, b) on three-dimensional axes, with contour lines on the ground below."""
    low, high = float(height.min()), float(height.max())
    floor = low - 0.45 * (high - low)
    ax.plot_surface(a, b, height, cmap="Blues_r", rcount=40, ccount=40, lw=0, antialiased=False)
    ax.contour(a, b, height, levels=6, zdir="z", offset=floor, colors=INK, linewidths=0.6)
    ax.set(zlim=(floor, high))
    ax.set_facecolor(PAPER)
    ax.tick_params(labelsize=8, pad=-2)
    ax.view_init(elev=28, azim=-58)


def basins(
    ax: Axes,
    loss: Callable[..., np.ndarray],
    side: np.ndarray,
    basin: np.ndarray,
    labels: Sequence[tuple[tuple[float, float], str]],
) -> None:
    """The square side × side tinted by `basin` (0, 1, 2 or 3), with contour lines and a labelled disc in each basin."""
    ax.contourf(side, side, basin, levels=[-0.5, 0.5, 1.5, 2.5, 3.5], colors=TINTS)
    ax.contour(side, side, loss(*np.meshgrid(side, side)), levels=9, colors=INK, linewidths=0.5, alpha=0.6)
    for (a, b), words in labels:
        ax.plot(a, b, "o", ms=8, color=COLORS["orange"])
        ax.text(a, b - 0.1, words, ha="center", va="top", fontsize=9, bbox={"fc": PAPER, "ec": "none", "pad": 1})
    ax.set(aspect="equal", xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    ax.grid(False)


def stationary_points() -> Figure:
    """A minimum, a saddle and a plateau, side by side in three dimensions."""
    fig = plt.figure(figsize=(6.6, 2.5))
    a, b = np.meshgrid(np.linspace(-1.5, 1.5, 41), np.linspace(-1.5, 1.5, 41))
    kinds = {
        "local minimum": (0.5 * (a**2 + b**2), 0.0),
        "saddle point": (SADDLE.loss(a, b), 0.0),
        "plateau": (1 / (1 + np.exp(-4 * a)), 1.0),
    }
    for position, (name, (height, mark)) in enumerate(kinds.items(), start=1):
        ax = fig.add_subplot(1, 3, position, projection="3d")
        surface(ax, a, b, height)
        spot = (1.0, 0.0) if name == "plateau" else (0.0, 0.0)
        ax.plot(*[[s] for s in (*spot, mark + 0.03)], "o", ms=8, color=COLORS["orange"], zorder=10)
        ax.set(xticks=[], yticks=[], zticks=[])
        ax.set_title(name, loc="center", fontsize=10)
    return fig


def contour_and_surface(
    a: np.ndarray, b: np.ndarray, height: np.ndarray, levels: np.ndarray, labels: tuple[str, str]
) -> Figure:
    """One landscape in two drawings: contour lines with their heights, and a surface. `labels` name the axes."""
    fig = plt.figure(figsize=(5.8, 2.7))
    left = fig.add_subplot(1, 2, 1)
    heights(left, a, b, height, levels)
    left.plot(0, 0, "o", ms=7, color=COLORS["orange"])
    left.set(xlabel=labels[0], ylabel=labels[1])
    right = fig.add_subplot(1, 2, 2, projection="3d")
    surface(right, a, b, height)
    right.set(xlabel=labels[0], ylabel=labels[1])
    right.xaxis.labelpad = right.yaxis.labelpad = -6
    return fig


def heights(ax: Axes, a: np.ndarray, b: np.ndarray, height: np.ndarray, levels: np.ndarray) -> None:
    """Contour lines of a landscape known on a grid, with numbers on them; darker where it is lower."""
    ax.contourf(a, b, height, levels=levels, cmap="Blues_r", alpha=0.45, extend="both")
    lines = ax.contour(a, b, height, levels=levels, colors=INK, linewidths=0.6)
    ax.clabel(lines, fontsize=8, fmt="%g")
    ax.grid(False)
