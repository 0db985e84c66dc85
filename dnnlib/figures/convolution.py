"""Convolution drawn: grids of numbers, windows that slide, stacks of feature maps, a network of all three."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dnnlib.figures.style import COLORS, INK, PAPER

Cell = tuple[int, int]  # row, column
SIGNED = "RdBu_r"  # of pictures with values of both signs: blue below 0, red above


def bare(ax: Axes, title: str = "", size: float = 9) -> None:
    """An axes without ticks and grid, with a frame and its title in the middle."""
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.spines[:].set_visible(True)
    ax.set_title(title, loc="center", fontsize=size)


def numbers(
    ax: Axes,
    values: np.ndarray,
    title: str = "",
    window: tuple[int, int, int, int] | None = None,
    fontsize: float = 10,
    shown: np.ndarray | None = None,
) -> None:
    """A grid with its numbers, red above 0 and blue below; `window` (row, column, height, width) gets a frame.

    Where `shown` is False the cell stays empty.
    """
    rows, columns = values.shape
    visible = np.ones(values.shape, dtype=bool) if shown is None else shown
    limit = max(1.0, float(np.abs(values).max())) * 2.2  # pale, so that the numbers stand out
    ax.imshow(np.where(visible, values, 0), cmap=SIGNED, vmin=-limit, vmax=limit)
    for row, column in np.argwhere(visible):
        text = f"{values[row, column] + 0.0:g}".replace("-", "−")  # + 0.0: no −0
        ax.text(column, row, text, ha="center", va="center", fontsize=fontsize, color=INK)
    bare(ax, title)
    ax.hlines(np.arange(1, rows) - 0.5, -0.5, columns - 0.5, color="#C9D0D6", lw=0.8)
    ax.vlines(np.arange(1, columns) - 0.5, -0.5, rows - 0.5, color="#C9D0D6", lw=0.8)
    if window:
        top, left, height, width = window
        corner = (left - 0.5, top - 0.5)
        ax.add_patch(Rectangle(corner, width, height, fill=False, ec=COLORS["orange"], lw=3, zorder=5, clip_on=False))


def signed(ax: Axes, image: np.ndarray, title: str = "", limit: float | None = None) -> None:
    """An image with values of both signs: white is 0, red above, blue below, as far as `limit`."""
    limit = limit or max(1e-12, float(np.abs(image).max()))
    ax.imshow(image, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    bare(ax, title)


def mosaic(maps: np.ndarray, columns: int, gap: int = 1) -> np.ndarray:
    """Images (C, H, W) side by side in one, `columns` in a row, with NaN in the gaps between."""
    count, height, width = maps.shape
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for n, image in enumerate(maps):
        top, left = n // columns * (height + gap), n % columns * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return sheet


def sliding_windows(n: int, k: int, s: int, p: int) -> Figure:
    """A row of n pixels with p zeros on each side, and below it every window of k that a stride of s reaches."""
    length = n + 2 * p
    count = (length - k) // s + 1
    frame = {"left": 0.02, "right": 0.99, "top": 0.9, "bottom": 0.01}
    fig, ax = plt.subplots(figsize=(5.6, 2.9), layout="none", gridspec_kw=frame)
    for place in range(length):
        inside = p <= place < p + n
        color = "#C6D9E8" if inside else PAPER
        ax.add_patch(Rectangle((place, 0), 1, 0.8, fc=color, ec=INK, lw=1, ls="-" if inside else ":"))
        if not inside:
            ax.text(place + 0.5, 0.4, "0", ha="center", va="center", fontsize=10, color=COLORS["grey"])
    reached = (count - 1) * s + k
    for window in range(count):
        top = -0.3 - 0.62 * window
        ax.add_patch(Rectangle((window * s + 0.06, top - 0.45), k - 0.12, 0.45, fc=COLORS["orange"]))
        ax.text(window * s + k + 0.15, top - 0.24, f"{window}", va="center", fontsize=10, color=COLORS["orange"])
    if reached < length:
        ax.add_patch(Rectangle((reached, 0), length - reached, 0.8, fc="none", ec=COLORS["purple"], hatch="////"))
        ax.text(length + 0.2, 0.4, f"not seen: {length - reached}", va="center", fontsize=10, color=COLORS["purple"])
    ax.text(0, 1.05, f"{n} pixels" + (f" and 2 · {p} zeros" if p else ""), fontsize=10)
    ax.set(xlim=(-0.2, 13), ylim=(-4.7, 1.6))
    ax.set_title(f"⌊({n} + 2·{p} − {k}) / {s}⌋ + 1 = {count} windows")
    ax.axis("off")
    return fig


def _stack(ax: Axes, x: float, y: float, shape: Sequence[int], color: str) -> None:
    """A few squares behind each other for (C, H, W), or a bar for (n,); centred at x, y."""
    if len(shape) == 1:
        height = 0.4 + 0.42 * math.log10(shape[0])
        ax.add_patch(Rectangle((x - 0.09, y - height / 2), 0.18, height, fc=color, ec=INK, lw=1))
        return
    side = 0.16 + shape[1] / 28 * 0.84
    sheets = min(shape[0], 6)
    for n in range(sheets):
        shift = 0.07 * (n - (sheets - 1) / 2)
        corner = (x - side / 2 + shift, y - side / 2 - shift)
        ax.add_patch(Rectangle(corner, side, side, fc=color, ec=INK, lw=0.9))


def architecture(stages: Sequence[tuple[str, Sequence[int]]], first_row: int) -> Figure:
    """A network as what flows through it: each stage is a layer's name and its output shape, in two rows.

    Convolutions are blue, poolings green, dense layers orange, all others grey.
    """
    fig, ax = plt.subplots(figsize=(5.8, 3.9))
    kinds = {"conv": "#A8CBE3", "pool": "#A9D5C6", "dense": "#EFC3A0"}
    for n, (name, shape) in enumerate(stages):
        row, column = (0, n) if n < first_row else (1, n - first_row)
        x, y = 1.55 * column + 0.8, -2.55 * row
        color = next((tint for kind, tint in kinds.items() if kind in name), "#DDE2E6")
        _stack(ax, x, y, shape, color)
        ax.text(x, y + 1.02, name, ha="center", va="center", fontsize=9, linespacing=1.1)
        ax.text(x, y - 0.98, " × ".join(map(str, shape)), ha="center", va="center", fontsize=9)
        if column:
            ax.annotate(
                "", (x - 0.66, y), (x - 0.9, y), arrowprops={"arrowstyle": "->", "color": COLORS["grey"], "lw": 1.5}
            )
    ax.set(xlim=(-0.1, 1.55 * first_row + 0.1), ylim=(-3.75, 1.35), aspect="equal")
    ax.axis("off")
    return fig


def window_step(image: np.ndarray, kernel: np.ndarray, z: np.ndarray, place: int) -> tuple[Figure, str]:
    """One window of a convolution by hand: image, kernel, their products, the result so far; and the sum in words."""
    k = len(kernel)
    u, v = divmod(place, z.shape[1])
    seen = image[u : u + k, v : v + k]
    layout = {"left": 0.04, "right": 0.96, "top": 0.86, "bottom": 0.02, "wspace": 0.12, "hspace": 0.18}
    fig, axes = plt.subplots(2, 2, figsize=(4.6, 5), layout="none", gridspec_kw=layout)
    numbers(axes[0, 0], image, "image x, with the window", (u, v, k, k))
    numbers(axes[0, 1], kernel, "kernel w")
    numbers(axes[1, 0], kernel * seen, "products w · x in the window")
    known = np.arange(z.size).reshape(z.shape) <= place
    numbers(axes[1, 1], z, "result z", (u, v, 1, 1), shown=known)
    pairs = [(w, p) for w, p in zip(kernel.flat, seen.flat, strict=True) if w]
    terms = " ".join(f"{'+' if w > 0 else '−'} {abs(w):g}·{p:g}" for w, p in pairs).removeprefix("+ ")
    terms = f"{terms} = {z[u, v]:g}".replace("-", "−")
    fig.suptitle(f"{terms}", fontsize=11)
    return fig, terms


def filtered(image: np.ndarray, kernel: np.ndarray, result: np.ndarray, name: str) -> Figure:
    """An image, a kernel with its numbers, and what their convolution is."""
    layout = {"left": 0.01, "right": 0.99, "top": 0.88, "bottom": 0.02, "wspace": 0.1}
    fig, axes = plt.subplots(1, 3, figsize=(6.2, 2.5), width_ratios=[1, 0.8, 1], layout="none", gridspec_kw=layout)
    axes[0].imshow(image, vmin=0, vmax=1)
    bare(axes[0], "input")
    shown = kernel.round(2)
    numbers(axes[1], shown, name, fontsize=11 if np.array_equal(shown, shown.round()) else 9)
    limit = float(np.abs(result).max())
    signed(axes[2], result, f"result, from −{limit:.1f} to {limit:.1f}", limit)
    return fig


def fields(image: np.ndarray, gradients: Sequence[np.ndarray], titles: Sequence[str]) -> tuple[Figure, list[int]]:
    """The receptive fields of one output of each layer, from their gradients: framed, and weighed; and their widths."""
    fig, axes = plt.subplots(2, len(gradients), figsize=(6.2, 3.7), squeeze=False)
    widths = []
    for above, below, gradient, title in zip(axes[0], axes[1], gradients, titles, strict=True):
        rows, columns = (np.flatnonzero(gradient.any(axis=axis)) for axis in (1, 0))
        widths.append(int(columns[-1] - columns[0] + 1))
        above.imshow(image, vmin=0, vmax=1)
        corner = (columns[0] - 0.5, rows[0] - 0.5)
        above.add_patch(Rectangle(corner, widths[-1], len(rows), fill=False, ec=COLORS["orange"], lw=2.5))
        bare(above, f"{title}\nsees {widths[-1]} × {widths[-1]}", 10)
        below.imshow(gradient / gradient.max(), cmap="Oranges", vmin=0, vmax=1)
        bare(below)
    axes[1, 0].set_ylabel("weight of each pixel", fontsize=9)
    return fig, widths


def feature_maps(image: np.ndarray, stages: Sequence[np.ndarray], columns: Sequence[int], title: str) -> Figure:
    """An image (H, W) and the feature maps (C, H, W) of one or more layers, each layer's in a mosaic."""
    widths = [1.0, *(0.35 + 0.4 * n for n in columns)]
    layout = {"left": 0.01, "right": 0.99, "top": 0.8, "bottom": 0.02, "wspace": 0.08}
    fig, axes = plt.subplots(1, len(widths), figsize=(6.2, 2.9), width_ratios=widths, layout="none", gridspec_kw=layout)
    axes[0].imshow(image, vmin=0, vmax=1)
    bare(axes[0], f"input {image.shape[0]} × {image.shape[1]}")
    for ax, maps, across in zip(axes[1:], stages, columns, strict=True):
        sheet = mosaic(maps, across)
        ax.imshow(np.ma.masked_invalid(sheet), cmap="Reds", vmin=0, interpolation="nearest")
        bare(ax, f"{len(maps)} maps of {maps.shape[1]} × {maps.shape[2]}")
    fig.suptitle(title, fontsize=11)
    return fig
