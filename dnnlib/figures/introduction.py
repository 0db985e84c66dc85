"""The introduction's drawings: the production line, six kinds of network, and the growth that made them possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from dnnlib.figures.style import COLORS, INK, PAPER

Points = dict[str, tuple[float, float]]  # name: (year, value)

# Training examples in well-known public or published collections of images.
DATA: Points = {
    "MNIST": (1998, 6e4),
    "CIFAR-10": (2009, 5e4),
    "ImageNet (1000 classes)": (2012, 1_281_167),
    "JFT-300M": (2017, 3e8),
    "LAION-5B": (2022, 5.85e9),
}
# The float32 cores of one graphics processor and their highest clock in GHz, as its maker states them.
PROCESSORS: dict[str, tuple[float, int, float]] = {  # name: (year, cores, clock)
    "GTX 580": (2010.9, 512, 1.544),
    "K40": (2013.9, 2880, 0.875),
    "P100": (2016.3, 3584, 1.48),
    "V100": (2017.5, 5120, 1.53),
    "A100": (2020.4, 6912, 1.41),
    "H100": (2022.8, 16896, 1.98),
}
# Operations a second on paper: each core does a multiplication and an addition a tick.
HARDWARE: Points = {name: (year, 2e9 * cores * clock) for name, (year, cores, clock) in PROCESSORS.items()}
# By what factor training to AlexNet's accuracy has become cheaper: Hernandez and Brown, 2020.
SOFTWARE: Points = {
    "AlexNet": (2012.4, 1.0),
    "GoogLeNet": (2014.7, 4.3),
    "MobileNet": (2017.3, 11.0),
    "ShuffleNet": (2017.5, 21.0),
    "ShuffleNet v2": (2018.5, 25.0),
    "EfficientNet": (2019.4, 44.0),
}
RIGHT = ("P100", "MobileNet", "ShuffleNet v2")  # named on the right of their points, where there is room


def growth() -> Figure:
    """Data, hardware and software against the year, each on a logarithmic scale with its points named."""
    fig, axes = plt.subplots(3, 1, figsize=(5.6, 7.8))
    panels: tuple[tuple[str, Points, str], ...] = (
        ("Data: training images in a collection", DATA, "blue"),
        ("Hardware: operations a second of one GPU", HARDWARE, "orange"),
        ("Software: factor by which training got cheaper", SOFTWARE, "green"),
    )
    for ax, (title, points, color) in zip(axes, panels, strict=True):
        years, values = np.array(list(points.values())).T
        ax.semilogy(years, values, "o-", color=COLORS[color])
        for name, (year, value) in points.items():
            late = year > years.mean() and name not in RIGHT
            ax.annotate(
                name,
                (year, value),
                xytext=(-7 if late else 7, 4 if late else -11),
                textcoords="offset points",
                ha="right" if late else "left",
                fontsize=9,
            )
        low, high = values.min(), values.max()
        ax.set(title=title, xlim=(1996, 2025), ylim=(low / 6, high * 4))
        ax.minorticks_off()
    axes[-1].set_xlabel("year")
    return fig


def production_line(stages: Sequence[tuple[str, bool]], title: str) -> Figure:
    """Boxes in a row, input to output: grey where people wrote the stage, blue where it is learnt."""
    fig, ax = plt.subplots(figsize=(6.2, 1.6))
    for i, (name, learnt) in enumerate(stages):
        color = COLORS["blue"] if learnt else COLORS["grey"]
        box = FancyBboxPatch(
            (i + 0.06, 0.2),
            0.82,
            0.6,
            boxstyle="round,pad=0,rounding_size=0.08",
            fc="#CFE3F0" if learnt else "#E8EAED",
            ec=color,
            lw=2,
        )
        ax.add_patch(box)
        ax.text(i + 0.47, 0.5, name, ha="center", va="center", fontsize=10)
        ax.text(i + 0.47, 0.06, "learnt" if learnt else "by hand", ha="center", va="center", fontsize=10, color=color)
    for i in range(len(stages) + 1):
        ax.annotate("", (i + 0.08, 0.5), (i - 0.14, 0.5), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.5})
    ax.set(xlim=(-0.2, len(stages) + 0.15), ylim=(0, 1), title=title)
    ax.axis("off")
    return fig


def network_zoo() -> Figure:
    """Six kinds of network as small diagrams: circles are layers' units, arrows what they read."""
    fig, axes = plt.subplots(3, 2, figsize=(5.4, 7.8))
    drawings = (
        ("dense", _dense),
        ("convolutional", _convolutional),
        ("recurrent", _recurrent),
        ("autoencoder", _autoencoder),
        ("generative adversarial", _adversarial),
        ("transformer", _transformer),
    )
    for ax, (title, draw) in zip(axes.flat, drawings, strict=True):
        draw(ax)
        ax.set(xlim=(-0.5, 4.5), ylim=(-0.6, 4.4), aspect="equal")
        ax.set_title(title, loc="center")
        ax.axis("off")
    return fig


def _unit(ax: Axes, x: float, y: float, color: str = "blue") -> None:
    ax.add_patch(Circle((x, y), 0.24, fc=PAPER, ec=COLORS[color], lw=1.8, zorder=3))


def _link(ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str = INK) -> None:
    ax.plot(*zip(start, end, strict=True), color=color, lw=0.9, zorder=1)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], bend: float = 0.0) -> None:
    style = {"arrowstyle": "-|>", "color": INK, "lw": 1.2, "connectionstyle": f"arc3,rad={bend}"}
    ax.annotate("", end, start, arrowprops=style)


def _columns(ax: Axes, sizes: Sequence[int], spread: float = 0.9, colors: Sequence[str] | None = None) -> None:
    """Units in columns, every one linked to all of the next column."""
    xs = np.linspace(0.2, 3.8, len(sizes))
    places = [[(x, 1.9 + spread * (i - (n - 1) / 2)) for i in range(n)] for x, n in zip(xs, sizes, strict=True)]
    for left, right in pairwise(places):
        for start in left:
            for end in right:
                _link(ax, start, end)
    for column, units in enumerate(places):
        for unit in units:
            _unit(ax, *unit, colors[column] if colors else "grey" if column == 0 else "blue")


def _dense(ax: Axes) -> None:
    _columns(ax, (3, 4, 4, 2))


def _convolutional(ax: Axes) -> None:
    for y in range(5):
        _unit(ax, 0.2, 0.1 + 0.9 * y, "grey")
    for y in range(3):
        for offset in range(3):
            _link(
                ax,
                (0.2, 0.1 + 0.9 * (y + offset)),
                (2.0, 1.0 + 0.9 * y),
                (COLORS["orange"], INK, COLORS["green"])[offset],
            )
        _unit(ax, 2.0, 1.0 + 0.9 * y)
        _link(ax, (2.0, 1.0 + 0.9 * y), (3.8, 1.9))
    _unit(ax, 3.8, 1.9)


def _recurrent(ax: Axes) -> None:
    for x in (0.4, 2.0, 3.6):
        for y, color in ((0.3, "grey"), (1.9, "blue"), (3.5, "blue")):
            _unit(ax, x, y, color)
        _arrow(ax, (x, 0.54), (x, 1.66))
        _arrow(ax, (x, 2.14), (x, 3.26))
    for x in (0.4, 2.0):
        _arrow(ax, (x + 0.24, 1.9), (x + 1.36, 1.9))


def _autoencoder(ax: Axes) -> None:
    _columns(ax, (5, 3, 2, 3, 5), spread=0.8, colors=("grey", "blue", "orange", "blue", "blue"))


def _box(ax: Axes, x: float, y: float, text: str, width: float, color: str = "blue") -> None:
    style = "round,pad=0,rounding_size=0.12"
    ax.add_patch(FancyBboxPatch((x - width / 2, y - 0.36), width, 0.72, style, fc=PAPER, ec=COLORS[color], lw=1.8))
    ax.text(x, y, text, ha="center", va="center", fontsize=9)


def _adversarial(ax: Axes) -> None:
    _box(ax, 0.45, 0.4, "noise", 1.5, "grey")
    _box(ax, 0.85, 1.9, "generator", 2.2, "orange")
    _box(ax, 3.4, 1.9, "real data", 1.9, "grey")
    _box(ax, 2.1, 3.5, "discriminator", 2.7)
    for start, end in (((0.6, 0.8), (0.75, 1.5)), ((1.1, 2.3), (1.7, 3.1)), ((3.2, 2.3), (2.6, 3.1))):
        _arrow(ax, start, end)


def _transformer(ax: Axes) -> None:
    xs = (0.3, 1.5, 2.7, 3.9)
    for i, x in enumerate(xs):
        for other in xs:
            _link(ax, (other, 0.5), (x, 3.2), COLORS["orange"] if i == 2 else "#C3CAD1")
    for x in xs:
        _unit(ax, x, 0.5, "grey")
        _unit(ax, x, 3.2)
    ax.text(2.1, 3.75, "each reads all,\nas much as it chooses", ha="center", fontsize=9)
