"""Pictures of the plane: the heights of a loss with the paths down it, and the regions that a model tells apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes

from dnnlib.figures.style import COLORS, INK, PAPER

Limits = tuple[float, float]


def contours(
    ax: Axes, loss: Callable[..., np.ndarray], xlim: Limits, ylim: Limits, levels: int = 14, log: bool = False
) -> None:
    """Lines of equal height of loss(θ₁, θ₂), darker where it is lower; `log` spaces them evenly in log L."""
    a, b = np.meshgrid(np.linspace(*xlim, 240), np.linspace(*ylim, 240))
    height = loss(a, b)
    heights = np.linspace(height.min(), height.max(), levels + 1)
    if log:
        low = height.min() - 1e-3 * np.ptp(height)
        heights = low + np.geomspace(1e-3 * np.ptp(height), height.max() - low, levels + 1)
    ax.contourf(a, b, height, levels=heights, cmap="Greys_r", alpha=0.35, extend="both")
    ax.contour(a, b, height, levels=heights, colors=INK, linewidths=0.5, alpha=0.5)
    ax.set(xlim=xlim, ylim=ylim, xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    ax.grid(False)


def path(ax: Axes, points: np.ndarray, color: str = "blue", label: str = "", marker: str = ".") -> None:
    """A path (steps + 1, 2) down a surface: a ring where it starts, a disc where it ends; `color` names one of COLORS.

    The axes stay as they are, so a path that leaves the picture does not shrink it.
    """
    limits = ax.get_xlim(), ax.get_ylim()
    reach = 50 * np.ptp(limits, axis=1)  # beyond it, far outside the picture, coordinates may overflow
    points = np.clip(points, np.mean(limits, axis=1) - reach, np.mean(limits, axis=1) + reach)
    ax.plot(*points.T, marker=marker, ms=5, lw=1.5, color=COLORS[color], label=label or None)
    ax.plot(*points[0], "o", ms=9, mew=2, mec=COLORS[color], mfc=PAPER, zorder=4)
    ax.plot(*points[-1], "o", ms=9, color=COLORS[color], zorder=4)
    ax.set(xlim=limits[0], ylim=limits[1])


def two_classes(ax: Axes, x: np.ndarray, y: np.ndarray, size: float = 5) -> None:
    """Points x (N, 2) of two classes: green discs where y is 0, orange crosses where it is 1."""
    ax.plot(*x[y == 0].T, "o", ms=size, color=COLORS["green"], mec=PAPER, mew=0.5)
    ax.plot(*x[y == 1].T, "X", ms=size + 1, color=COLORS["orange"], mec=PAPER, mew=0.5)
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.grid(False)


def decision_regions(ax: Axes, score: Callable[[np.ndarray], np.ndarray], x: np.ndarray, y: np.ndarray) -> None:
    """The plane as a model divides it, under the points of two classes.

    `score` takes points (M, 2) and returns M numbers: above 0 the model says class 1. The plane is shaded in the
    colour of the answer, with a line where the score is 0.
    """
    margin = 0.08 * np.ptp(x, axis=0)
    (left, bottom), (right, top) = x.min(axis=0) - margin, x.max(axis=0) + margin
    a, b = np.meshgrid(np.linspace(left, right, 160), np.linspace(bottom, top, 160))
    scores = np.asarray(score(np.column_stack([a.ravel(), b.ravel()]))).reshape(a.shape)
    ax.contourf(a, b, scores > 0, levels=[-0.5, 0.5, 1.5], colors=["#D5EBE2", "#F8E0CF"])
    if scores.min() < 0 < scores.max():
        ax.contour(a, b, scores, levels=[0], colors=INK, linewidths=1.5)
    two_classes(ax, x, y)
    ax.set(xlim=(left, right), ylim=(bottom, top))
