"""Pictures of losses: distributions as bars, two surfaces over the same parameters, a ball on two cost curves."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dnnlib.figures.style import COLORS, INK, PAPER

GREY = "#A9B4BE"


def bars(ax: Axes, p: np.ndarray, names: Sequence[str], color: str = "blue", form: str = "{:.2f}") -> None:
    """Numbers p as bars, each under its value and over its name; `color` names one of COLORS.

    The axis leaves room for the values written at the bars' ends, above 0 and below.
    """
    p = np.asarray(p, dtype=float)
    drawn = ax.bar(range(len(p)), p, color=COLORS.get(color, GREY))
    ax.bar_label(drawn, [form.format(value).replace("-", "−") for value in p], fontsize=9, padding=2)
    low, high = min(float(p.min()), 0.0), max(float(p.max()), 0.0)
    room = 0.16 * (high - low)
    ax.set(xticks=range(len(p)), ylim=(low - room if low < 0 else 0.0, high + room))
    ax.set_xticklabels(names)
    ax.grid(axis="x", visible=False)


def believed_and_true(p: np.ndarray, q: np.ndarray, names: Sequence[str], ax: Axes) -> None:
    """Two distributions side by side: the true p in blue, the believed q hatched in orange."""
    places = np.arange(len(p))
    ax.bar(places - 0.2, p, 0.38, color=COLORS["blue"], label="true $p$")
    ax.bar(places + 0.2, q, 0.38, color=COLORS["orange"], edgecolor=PAPER, hatch="//", label="believed $q$")
    ax.set(xticks=places, ylim=(0, 1), ylabel="probability")
    ax.set_xticklabels(names)
    ax.grid(axis="x", visible=False)
    ax.legend(loc="upper left", fontsize=9)


def surfaces(
    w1: np.ndarray, w2: np.ndarray, heights: dict[str, np.ndarray], start: tuple[int, int], view: tuple[float, float]
) -> Figure:
    """A surface for each of `heights`, side by side over the same parameters (w1, w2), with a dot at index `start`.

    `view` is the eye's elevation and azimuth in degrees.
    """
    fig = plt.figure(figsize=(5.6, 3))
    for place, (title, height) in enumerate(heights.items(), 1):
        ax = fig.add_subplot(1, len(heights), place, projection="3d", computed_zorder=False)
        ax.plot_surface(w1, w2, height, cmap="viridis", rcount=40, ccount=40, linewidth=0.15, edgecolor=PAPER)
        ax.scatter(w1[start], w2[start], height[start], s=60, color=INK, edgecolor=PAPER, zorder=5)
        ax.set(xlabel="$w_1$", ylabel="$w_2$")
        ax.set_zlim(0, float(height.max()))
        ax.set_title(title, loc="center")
        ax.tick_params(labelsize=8, pad=0)
        ax.zaxis.set_major_locator(MaxNLocator(4))
        ax.view_init(*view)
        ax.set_box_aspect((1, 1, 0.75), zoom=0.82)
    return fig


def ball_on_costs(costs: dict[str, tuple[np.ndarray, float]], z: np.ndarray, titles: Sequence[str]) -> Figure:
    """Cost curves over the weighted sum z, side by side, each with a ball at its own place.

    `costs` maps a name to the curve over `z` and the place of the ball; the ball lies on the curve.
    """
    fig, axes = plt.subplots(1, len(costs), figsize=(5.2, 2.9), squeeze=False, layout="none")
    fig.subplots_adjust(0.11, 0.17, 0.98, 0.9, wspace=0.32)  # alike in every frame, and quick
    colors = (COLORS["orange"], COLORS["blue"])
    for ax, (name, (curve, place)), title, color in zip(axes.flat, costs.items(), titles, colors, strict=False):
        ax.plot(z, curve, color=GREY)
        ax.plot(place, np.interp(place, z, curve), "o", ms=11, color=color, mec=PAPER, zorder=4, clip_on=False)
        ax.set(xlabel="weighted sum $z$", ylabel=name, ylim=(0, None))
        ax.set_title(title, fontsize=10)
    return fig
