"""The picture of the landing page: a small network reads a handwritten digit, with the equations of the course.

python -m dnnlib.figures.cover _static/cover.svg     train the network, draw it, write the file
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

import dnnlib as dnn
from dnnlib.figures.neurons import PALE
from dnnlib.figures.style import COLORS, INK, PAPER, use_style

HIDDEN, DIGIT = 12, 3
IMAGE, LEFT, RIGHT, BARS = 3.1, 4.7, 6.9, 7.75  # where the columns stand
LOW, HIGH = 0.95, 4.05


def reader() -> tuple[np.ndarray, np.ndarray, dnn.Dense, dnn.Dense]:
    """A handwritten 3 that the network 64-12-10 has not seen, its ten probabilities, and its two layers."""
    x, y = dnn.data.digits()
    (x_train, y_train), (x_test, y_test) = dnn.data.random_split(x, y, lengths=[0.8, 0.2], rng=0)
    first, last = dnn.Dense(64, HIDDEN), dnn.Dense(HIDDEN, 10)
    model = dnn.Sequential(first, dnn.ReLU(), last, seed=0)
    loss, adam = dnn.SoftmaxCrossEntropy(), dnn.Adam(lr=1e-2)
    model.fit(x_train, y_train, loss=loss, optimizer=adam, batch_size=100, epochs=20, progress=False)
    image = x_test[y_test == DIGIT][:1]
    return image[0], dnn.softmax(model.predict(image))[0], first, last


def cover() -> Figure:
    """The digit, the layers with their connections as strong as what flows through them, and the ten probabilities."""
    image, y_hat, first, last = reader()
    fig = plt.figure(figsize=(7, 3.7))
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-0.2, 9.6), ylim=(-0.35, 4.83), aspect="equal")
    ax.axis("off")
    activation = np.maximum(first.weight @ image + first.bias, 0)
    hidden, outputs = np.linspace(HIGH, LOW, HIDDEN), np.linspace(HIGH, LOW, 10)
    rows = HIGH - IMAGE / 8 * (np.arange(8) + 0.5)
    _connections(ax, (IMAGE, rows), (LEFT, hidden), (first.weight * image).reshape(HIDDEN, 8, 8).sum(axis=2))
    _connections(ax, (LEFT, hidden), (RIGHT, outputs), last.weight * activation)
    ax.imshow(image.reshape(8, 8), extent=(0, IMAGE, HIGH - IMAGE, HIGH), cmap="Greys", vmin=0, vmax=1, zorder=2)
    ax.add_patch(Rectangle((0, HIGH - IMAGE), IMAGE, IMAGE, fc="none", ec=INK, lw=1, zorder=3))
    _neurons(ax, LEFT, hidden, activation / activation.max())
    _neurons(ax, RIGHT, outputs, y_hat)
    for digit, (height, share) in enumerate(zip(outputs, y_hat, strict=True)):
        answer = digit == y_hat.argmax()
        ax.text(7.3, height, str(digit), size=12, va="center", ha="center", weight="bold" if answer else "normal")
        ax.barh(height, 1.6 * share, left=BARS, height=0.26, color=COLORS["blue" if answer else "grey"])
    _words(ax)
    return fig


def _connections(ax: Axes, start: tuple[float, np.ndarray], end: tuple[float, np.ndarray], flow: np.ndarray) -> None:
    """Lines from each start to each end: blue pushes up, orange down, the stronger the more opaque."""
    strength = np.abs(flow) / np.abs(flow).max()
    for sign, color in ((1, COLORS["blue"]), (-1, COLORS["orange"])):
        pairs = [(i, j) for i, j in np.ndindex(flow.shape) if sign * flow[i, j] > 0]
        lines = [np.array([(start[0], start[1][j]), (end[0], end[1][i])]) for i, j in pairs]
        looks = [float(strength[i, j]) for i, j in pairs]
        ax.add_collection(LineCollection(lines, colors=color, linewidths=[0.4 + 2 * s for s in looks], alpha=looks))


def _neurons(ax: Axes, x: float, heights: np.ndarray, values: np.ndarray) -> None:
    """A column of neurons, the fuller the more active."""
    for height, value in zip(heights, values, strict=True):
        ax.add_patch(Circle((x, height), 0.13, fc=PAPER, ec=COLORS["blue"] if value > 0.01 else PALE, lw=1.5, zorder=3))
        ax.add_patch(Circle((x, height), 0.13, fc=COLORS["blue"], alpha=float(value), zorder=4))


def _words(ax: Axes) -> None:
    """The equations over the layers that compute them, and the way back under them."""
    ax.text(IMAGE / 2, 4.48, "input $x$", size=13, ha="center")
    ax.text(LEFT - 0.35, 4.48, "$a^1 = \\sigma(W^1 x + b^1)$", size=13, ha="center")
    ax.text(7.85, 4.48, "$\\hat y = \\mathrm{softmax}(W^2 a^1 + b^2)$", size=13, ha="center")
    way: dict[str, Any] = {"connectionstyle": "arc3,rad=-0.12", "arrowstyle": "-|>", "mutation_scale": 16}
    ax.add_patch(FancyArrowPatch((8.4, 0.62), (2.0, 0.62), color=COLORS["orange"], lw=2, **way))
    update = "learning:  $\\theta \\leftarrow \\theta - \\eta\\, \\nabla L(\\theta)$"
    ax.text(5.2, 0.12, update, size=14, ha="center", va="center", bbox={"fc": PAPER, "ec": "none", "pad": 3})


def main() -> None:
    """Write the picture; on one machine the same bytes each time."""
    use_style()
    with mpl.rc_context({"svg.hashsalt": "cover", "figure.constrained_layout.use": False}):
        cover().savefig(Path(sys.argv[1]), format="svg", metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
