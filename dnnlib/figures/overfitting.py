"""Pictures of overfitting and its remedies: thinned networks, weights as images, remedies side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dnnlib.figures.neurons import PALE, thinned_network
from dnnlib.figures.style import COLORS, INK


def thinned(ax: Axes, sizes: Sequence[int], kept: Sequence[np.ndarray], title: str = "") -> None:
    """A dense network whose hidden neuron k of layer l is dropped where `kept[l - 1][k]` is false.

    Inputs and outputs are kept.
    Raises ValueError if `kept` does not fit the hidden layers.
    """
    if [len(layer) for layer in kept] != list(sizes[1:-1]):
        raise ValueError(f"thinned: kept must fit the hidden layers {list(sizes[1:-1])}")
    active = [np.ones(sizes[0], bool), *kept, np.ones(sizes[-1], bool)]
    thinned_network(ax, active, title, off="crossed")


def thinned_batches(sizes: Sequence[int], masks: Sequence[Sequence[np.ndarray]]) -> Figure:
    """One thinned network for each batch, side by side."""
    fig, axes = plt.subplots(1, len(masks), figsize=(6.2, 2.6))
    for batch, (ax, kept) in enumerate(zip(axes, masks, strict=True), start=1):
        thinned(ax, sizes, kept, f"batch {batch}")
    return fig


def explorer(
    p: float,
    sizes: Sequence[int],
    kept: Sequence[np.ndarray],
    rates: Sequence[float],
    errors: Mapping[str, np.ndarray],
    answers: np.ndarray,
) -> Figure:
    """A thinned network for the rate p, errors against the rate with p marked, and what thinned networks answer.

    `errors` gives each curve's name its value at every one of `rates`, `answers` are the probabilities that thinned
    networks give to the right class of one image.
    """
    fig = plt.figure(figsize=(5.8, 4.3), layout="none")  # fixed places: nothing jumps from frame to frame
    grid = fig.add_gridspec(2, 2, left=0.1, bottom=0.11, right=0.97, top=0.93, hspace=0.42, wspace=0.25)
    thinned(fig.add_subplot(grid[0, 0]), sizes, kept, f"one thinned network, p = {p:.1f}")
    bars = fig.add_subplot(grid[0, 1])
    bars.hist(answers, bins=np.linspace(0, 1, 21), color=COLORS["blue"])
    bars.axvline(float(np.mean(answers)), color=COLORS["orange"], lw=2)
    bars.set(xlim=(0, 1), ylabel="networks")
    bars.set_title("probability of the right digit", fontsize=10)
    curves = fig.add_subplot(grid[1, :])
    looks = zip(("grey", "blue", "green"), ("o-", "s-", "^--"), strict=True)
    for (name, values), (color, style) in zip(errors.items(), looks, strict=False):
        curves.plot(rates, values, style, ms=4, color=COLORS[color], label=name)
    curves.axvline(p, color=COLORS["orange"], lw=1.5)
    curves.set(xlabel="dropout rate p", ylabel="error", ylim=(0, None))
    curves.legend(fontsize=9, loc="upper left")
    return fig


def weight_images(weights: Mapping[str, np.ndarray], columns: int = 12) -> Figure:
    """The first `columns` neurons of each weight matrix (neurons, side²) as images: purple positive, orange negative.

    A row for each matrix, under its name, on a colour scale of its own. Exact zeros are white.
    """
    fig, axes = plt.subplots(len(weights), 1, figsize=(6.2, 0.85 * len(weights)), squeeze=False)
    paper = plt.get_cmap("PuOr").with_extremes(bad=PALE)
    for ax, (name, weight) in zip(axes[:, 0], weights.items(), strict=True):
        limit = float(np.abs(weight[:columns]).max()) or 1.0
        side = round(weight.shape[1] ** 0.5)
        tiles = np.full((columns, side + 2, side + 2), np.nan)  # a border around each
        tiles[:, 1:-1, 1:-1] = weight[:columns].reshape(columns, side, side)
        strip = tiles.transpose(1, 0, 2).reshape(side + 2, -1)
        ax.imshow(strip, cmap=paper, vmin=-limit, vmax=limit, interpolation="nearest")
        ax.set_title(name, fontsize=10, loc="left")
        ax.axis("off")
    return fig


def remedies(errors: Mapping[str, Sequence[float]], start: str) -> Figure:
    """A row for each remedy: a dot for every seed, a bar at their mean, and a line at the mean of `start`."""
    fig, ax = plt.subplots(figsize=(6.2, 0.36 * len(errors) + 0.8))
    for row, values in enumerate(errors.values()):
        color = COLORS["orange"] if float(np.mean(values)) > float(np.mean(errors[start])) else COLORS["blue"]
        ax.plot(values, [row] * len(values), "o", ms=5, color=color, alpha=0.55, mec="none")
        ax.plot([float(np.mean(values))] * 2, [row - 0.32, row + 0.32], color=color, lw=3)
    ax.axvline(float(np.mean(errors[start])), color=INK, lw=1, ls=":")
    ax.set(yticks=range(len(errors)), yticklabels=list(errors), ylim=(len(errors) - 0.4, -0.6), xlabel="test error")
    ax.set_xlim(0, None)
    ax.grid(axis="y", visible=False)
    return fig
