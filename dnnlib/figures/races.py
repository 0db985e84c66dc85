"""Optimizers side by side on a surface: how far each has come after a number of steps. Lectures A25, A28, B11, C19."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dnnlib.figures.style import COLORS, PAPER
from dnnlib.surfaces import Surface

RACERS = {
    "SGD": COLORS["grey"],
    "momentum": COLORS["blue"],
    "Nesterov": COLORS["purple"],
    "Adagrad": COLORS["yellow"],
    "RMSprop": COLORS["green"],
    "Adam": COLORS["orange"],
}
"""The colour of each optimizer, the same in every race."""
LINES = dict(zip(RACERS, ("-", "--", "-.", ":") * 2, strict=False))
GREYS = ["#BBBBBA", "#C8C8C7", "#D5D5D4", "#E1E1E0", "#EDEDEB", "#F7F7F5"]
"""The shades of the heights: few, so that the picture keeps its colours apart for the paths."""


def heights(ax: Axes, surface: Surface, log: bool = False) -> None:
    """Shade the surface, darker where it is lower, with a star on its minimum; `log` spaces the shades in log L."""
    a, b = np.meshgrid(np.linspace(*surface.xlim, 70), np.linspace(*surface.ylim, 70))
    height = surface.loss(a, b)
    if log:
        height = np.log10(height - height.min() + 1e-3 * np.ptp(height))
    shades = np.linspace(height.min(), height.max(), len(GREYS) + 1)
    ax.contourf(a, b, height, levels=shades, colors=GREYS, antialiased=False, extend="both")
    ax.grid(False)
    ax.set(xlim=surface.xlim, ylim=surface.ylim, xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    ax.locator_params(nbins=5)  # half of a frame's time would go into ticks
    if surface.minimum is not None:
        ax.plot(*surface.minimum, "*", ms=13, color=PAPER, mec="black", zorder=3)


def race(surface: Surface, paths: Mapping[str, np.ndarray], step: int, log: bool = False) -> tuple[Figure, str]:
    """The paths (steps + 1, 2) up to `step`, each with a disc where it is then; the figure and its alt text.

    The keys of `paths` are those of `RACERS`. A path that is shorter than `step` stays at its last point.
    """
    fig = plt.figure(figsize=(4.4, 4.4), layout="none")  # placed by hand, as frames are many
    ax = fig.add_axes((0.17, 0.24, 0.80, 0.69))
    heights(ax, surface, log)
    places = []
    for width, (name, whole) in zip(np.linspace(3, 1.5, len(paths)), paths.items(), strict=True):
        points = whole[: step + 1]
        ax.plot(*points.T, LINES[name], lw=width, color=RACERS[name], label=name)
        ax.plot(*points[-1], "o", ms=9, color=RACERS[name], mec=PAPER, zorder=4)
        with np.errstate(over="ignore"):
            places.append(f"{name} {surface.loss(*points[-1]):.2f}")
    ax.set_title(f"{surface.name}, step {step}", y=1)  # with y given nothing is measured
    fig.legend(loc="lower center", ncols=3, fontsize=9, handlelength=3, columnspacing=1.2)
    return fig, (
        f"The heights of {surface.name} with the paths of {len(paths)} optimizers from one start. "
        f"Losses after {step} steps: {', '.join(places)}."
    )
