"""Pictures of examples on their way through an epoch: how they are cut into batches, what is learnt and forgotten."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from dnnlib.figures.style import COLORS, INK, PAPER


def feeding(order: Sequence[int], sizes: Sequence[int]) -> Figure:
    """One epoch for several batch sizes: a row of numbered examples each, framed batch by batch.

    `order` is the order in which the examples come; a triangle after each batch is one update.
    Raises ValueError for a batch size below 1.
    """
    if min(sizes) < 1:
        raise ValueError(f"feeding: batch sizes must be at least 1, got {list(sizes)}")
    n = len(order)
    fig, ax = plt.subplots(figsize=(5.8, 0.85 * len(sizes)))
    ax.set(xlim=(-0.1, 1.5 * n + 0.6), ylim=(-1.9 * len(sizes) + 0.6, 1.0))
    ax.axis("off")
    for row, size in enumerate(sizes):
        y, steps = -1.9 * row, -(-n // size)
        ax.text(0, y + 0.78, f"B = {size}: {steps} update{'s' * (steps > 1)}", va="center", fontsize=10)
        gap = 0.5 * n / steps  # the room that all triangles of a row share
        for k in range(steps):
            part = order[k * size : (k + 1) * size]
            x = k * (size + gap)
            style = "round,pad=0,rounding_size=0.15"
            box = FancyBboxPatch((x, y - 0.45), len(part), 0.9, style, fc=PAPER, ec=COLORS["blue"], lw=1.3)
            ax.add_patch(box)
            for i, example in enumerate(part):
                ax.text(x + i + 0.5, y - 0.03, str(example), ha="center", va="center", fontsize=10, color=INK)
            ax.plot(x + len(part) + min(gap / 2, 0.5), y, ">", ms=6, color=COLORS["orange"])
    return fig


def class_accuracies(seen: np.ndarray, panels: dict[str, np.ndarray]) -> Figure:
    """For each panel a map of the accuracy on every class (rows) after so many updates (columns, `seen`).

    `panels` gives each title its accuracies, of shape (classes, len(seen)), from 0 (white) to 1 (dark).
    """
    fig, axes = plt.subplots(len(panels), 1, figsize=(7, 2.45 * len(panels)), sharex=True, squeeze=False)
    for ax, (title, accuracy) in zip(axes[:, 0], panels.items(), strict=True):
        classes = len(accuracy)
        extent = (float(seen[0]), float(seen[-1]), classes - 0.5, -0.5)
        image = ax.imshow(accuracy, aspect="auto", vmin=0, vmax=1, cmap="Blues", extent=extent, interpolation="nearest")
        ax.set(ylabel="digit", yticks=range(classes), title=title)
        ax.tick_params(axis="y", labelsize=8)
        ax.grid(False)
    axes[-1, 0].set(xlabel="updates in the epoch")
    fig.colorbar(image, ax=axes, label="accuracy on the digit")
    return fig
