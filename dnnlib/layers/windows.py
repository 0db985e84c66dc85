"""What convolution and pooling share: the windows that a kernel sees as it slides over images.

Images are (B, C, H, W). The layers for images compute on (C, H, W, B), with the batch innermost in memory: every
operation then runs along the whole batch, every channel is one piece, and what a window cuts out are long rows.
What such a layer returns is (B, C, H, W) again, only lying in memory that way, and so the next one need not copy.
All of this is for NumPy; on torch the layers ask `dnnlib.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Shape

Pair = tuple[int, int]  # (vertical, horizontal)
TILE = 1 << 20  # numbers in one tile of columns: 4 MiB in float32 stay in cache


def batch_last(x: Array) -> Array:
    """(B, C, H, W) → (C, H, W, B), contiguous: a copy only where x does not lie so in memory."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0))


def batch_first(z: Array) -> Array:
    """(C, H, W, B) → (B, C, H, W): a view."""
    return engine.namespace(z).permute_dims(z, (3, 0, 1, 2))


def pad(x: Array, padding: Pair, value: float = 0.0) -> Array:
    """Images (B, C, H, W) → (C, H + 2p, W + 2q, B) with a frame of p rows and q columns of `value` around each."""
    p, q = padding
    if p == q == 0:
        return batch_last(x)
    xp = engine.namespace(x)
    B, C, H, W = x.shape
    z = xp.full((C, H + 2 * p, W + 2 * q, B), value, dtype=x.dtype, device=x.device)
    z[:, p : p + H, q : q + W] = xp.permute_dims(x, (1, 2, 3, 0))
    return z


def unpad(z: Array, padding: Pair) -> Array:
    """`pad` undone: (C, H + 2p, W + 2q, B) → (B, C, H, W), a view."""
    p, q = padding
    return batch_first(z[:, p : z.shape[1] - p, q : z.shape[2] - q])


def windows(z: Array, kernel: Pair, stride: Pair) -> Array:
    """All windows of z (C, H, W, B), as a view (C, kh, kw, h, w, B): [:, i, j] is what the kernel's place (i, j) meets.

    Of h × w windows, the one at (a, b) has its upper left corner in row a · stride[0], column b · stride[1].
    """
    C, H, W, B = z.shape
    h, w = ((n - k) // s + 1 for n, k, s in zip((H, W), kernel, stride, strict=True))
    row, pixel = W * B, B  # how far apart they lie in memory
    strides = (H * row, row, pixel, stride[0] * row, stride[1] * pixel, 1)
    return np.lib.stride_tricks.as_strided(z, (C, *kernel, h, w, B), [z.itemsize * step for step in strides])


class Tile(NamedTuple):
    """Some of the h × w windows: whole rows of them, or a part of one row."""

    rows: slice
    columns: slice
    pixels: slice  # the same in (C, h · w · B)


def tiles(view: Array) -> Iterator[Tile]:
    """Cut the windows of `view` (C, kh, kw, h, w, B) into tiles whose numbers fit in a CPU's cache."""
    h, w, B = view.shape[3:]
    count = max(1, TILE // max(1, math.prod(view.shape[:3]) * B))
    height, width = max(1, count // w), min(w, count)
    for top in range(0, h, height):
        for left in range(0, w, width):
            bottom, right = min(top + height, h), min(left + width, w)
            pixels = slice((top * w + left) * B, ((bottom - 1) * w + right) * B)
            yield Tile(slice(top, bottom), slice(left, right), pixels)


def columns(view: Array) -> Iterator[tuple[Tile, Array]]:
    """Every tile of windows as a matrix (C · kh · kw, pixels): one column is one window. It is overwritten by the next.

    Known as im2col: the convolution becomes a matrix product.
    """
    xp = engine.namespace(view)
    size = math.prod(view.shape[:3])
    memory: Any = None
    for tile in tiles(view):
        part = view[:, :, :, tile.rows, tile.columns]
        if memory is None:
            memory = xp.empty(math.prod(part.shape), dtype=view.dtype, device=view.device)
        matrix = memory[: math.prod(part.shape)].reshape(part.shape)
        matrix[...] = part
        yield tile, matrix.reshape(size, -1)


def add_columns(view: Array, tile: Tile, matrix: Array) -> None:
    """The way back: add each column of `matrix` (C · kh · kw, pixels) to the window that it stands for."""
    part = view[:, :, :, tile.rows, tile.columns]
    matrix = matrix.reshape(part.shape)
    for i, j in places(view):
        part[:, i, j] += matrix[:, i, j]


def places(view: Array) -> Iterator[Pair]:
    """The places (i, j) of the kernel, row by row."""
    return ((i, j) for i in range(view.shape[1]) for j in range(view.shape[2]))


def pair(layer: Layer, name: str, value: Any, least: int = 1) -> Pair:
    """An integer n as (n, n), two integers as they are. TypeError for anything else, ValueError below `least`."""
    both = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(both) != 2 or any(not isinstance(n, (int, np.integer)) or isinstance(n, bool) for n in both):
        raise TypeError(
            f"{type(layer).__name__}: {name} must be an integer or a pair (vertical, horizontal) of them, got {value!r}"
        )
    if min(both) < least:
        raise ValueError(f"{type(layer).__name__}: {name} must be at least {least}, got {value!r}")
    return int(both[0]), int(both[1])


def short(value: Pair) -> int | Pair:
    """(n, n) as n: how a user writes it."""
    return value[0] if value[0] == value[1] else value


def check_images(layer: Layer, shape: Shape | None, channels: int | None = None) -> Shape:
    """The shape (C, H, W) of one image, or (channels, None, None) if it is not known; ValueError for what is no image.

    With `channels`, an image must have that many.
    """
    if shape is None:
        return (channels, None, None)
    if len(shape) != 3:
        raise ValueError(
            f"{layer} expects images: examples of shape ({channels or 'channels'}, height, width), got {shape}; "
            f"{_mend(shape, channels or 1)}"
        )
    if channels is not None and shape[0] not in (None, channels):
        last = "; channels come first: x.transpose(0, 3, 1, 2)" if shape[2] == channels else ""
        raise ValueError(f"{layer} expects images with {channels} channels, got {shape[0]} in the shape {shape}{last}")
    return shape


def _mend(shape: Shape, channels: int) -> str:
    size: Any = ("height", "width")
    if len(shape) == 2 and None not in shape:
        size = shape
    elif len(shape) == 1 and shape[0] and math.isqrt(shape[0] // channels) ** 2 * channels == shape[0]:
        size = (math.isqrt(shape[0] // channels),) * 2
    return f"x.reshape(-1, {channels}, {size[0]}, {size[1]}) makes them so"


def output_size(layer: Layer, shape: Shape, kernel: Pair, stride: Pair, padding: Pair) -> tuple[int | None, int | None]:
    """(h, w), how many windows lie below and beside: ⌊(H + 2p − k) / s⌋ + 1. ValueError if there are none."""
    size = [None if n is None else n + 2 * p for n, p in zip(shape[1:], padding, strict=True)]
    if any(n is not None and n < k for n, k in zip(size, kernel, strict=True)):
        frame = f", {size[0]} × {size[1]} with the padding," if any(padding) else ""
        raise ValueError(
            f"{layer}: the kernel of {kernel[0]} × {kernel[1]} is larger than the image of {shape[1]} × {shape[2]}"
            f"{frame} in the shape {shape}; take a smaller kernel or more padding"
        )
    h, w = (None if n is None else (n - k) // s + 1 for n, k, s in zip(size, kernel, stride, strict=True))
    return h, w
