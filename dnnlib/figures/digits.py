"""Pictures of digits and of what a network makes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dnnlib.figures.style import COLORS, PAPER
from dnnlib.history import History


def _image(ax: Axes, x: np.ndarray, title: str = "") -> None:
    side = math.isqrt(x.size)
    ax.imshow(x.reshape(side, side), vmin=0, vmax=1, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, loc="center", fontsize=9)
    ax.grid(False)
    ax.spines[:].set_visible(True)


def digit_grid(x: np.ndarray, titles: Sequence[str], columns: int = 10) -> Figure:
    """Images x (N, pixels), ink black on white, in rows of `columns`, each under its title."""
    rows = math.ceil(len(x) / columns)
    fig, axes = plt.subplots(rows, columns, figsize=(7, 0.95 * rows * 10 / columns), squeeze=False)
    for ax in axes.flat[len(x) :]:
        ax.axis("off")
    for ax, image, title in zip(axes.flat, x, titles, strict=False):
        _image(ax, image, title)
    return fig


def output_bars(x: np.ndarray, probabilities: np.ndarray, label: int | None = None) -> Figure:
    """One image beside its ten probabilities: the largest in blue, that of `label` hatched if it is another."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5), width_ratios=[1, 1.9])
    answer = int(probabilities.argmax())
    _image(left, x, "" if label is None else f"label {label}")
    colors = [COLORS["blue"] if digit == answer else "#A9B4BE" for digit in range(10)]
    bars = right.bar(range(10), probabilities, color=colors)
    if label is not None and label != answer:
        bars[label].set(facecolor=COLORS["orange"], edgecolor=PAPER, hatch="//")
    right.bar_label(bars, [f"{p:.2f}" if p >= 0.005 else "" for p in probabilities], fontsize=8)
    right.set(
        xticks=range(10), ylim=(0, 1.12), xlabel="digit", ylabel="probability", title=f"the network says {answer}"
    )
    right.grid(axis="x", visible=False)
    return fig


def confusion_matrix(labels: np.ndarray, answers: np.ndarray) -> tuple[Figure, np.ndarray]:
    """How often each digit was taken for each: rows are labels, columns answers. Returns the counts too."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (labels, answers), 1)
    fig, ax = plt.subplots(figsize=(5, 4.4))
    ax.imshow(np.log1p(counts), cmap="Blues")
    for i, j in np.argwhere(counts > 0):
        dark = counts[i, j] > counts.max() / 4
        ax.text(j, i, str(counts[i, j]), ha="center", va="center", color="white" if dark else "black", fontsize=9)
    ax.set(xticks=range(10), yticks=range(10), xlabel="the network's answer", ylabel="label")
    ax.grid(False)
    return fig, counts


def learning_curves(histories: dict[str, History], names: Sequence[str] = ("loss", "accuracy")) -> Figure:
    """A panel for each of `names`: solid while training, dashed on the validation data, a colour and a marker each."""
    fig, axes = plt.subplots(1, len(names), figsize=(7, 3), squeeze=False)
    for ax, name in zip(axes.flat, names, strict=True):
        looks = zip(COLORS.values(), " os^Dv", strict=True)
        for (title, history), (color, marker) in zip(histories.items(), looks, strict=False):
            for key, line, data in ((name, "-", "training"), (f"val_{name}", "--", "validation")):
                if key in history:
                    label = f"{title}: {data}" if title else data
                    epochs = range(1, history.epochs + 1)
                    ax.plot(epochs, history[key], line, marker=marker, ms=4, markevery=0.1, color=color, label=label)
        ax.set(xlabel="epoch", title=name)
    axes.flat[0].legend(fontsize=9)
    return fig
