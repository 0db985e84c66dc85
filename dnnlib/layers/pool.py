"""Pooling: smaller images, each pixel of which stands for a window of the larger ones. Lecture D01."""

from __future__ import annotations

import math
from typing import Any

from dnnlib import engine, kernels
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Shape
from dnnlib.layers.windows import (
    batch_first,
    batch_last,
    check_images,
    output_size,
    pad,
    pair,
    places,
    short,
    unpad,
    windows,
)


class _Pool(Layer):
    """What both kinds of pooling by windows have: their options, and the shape of what comes out."""

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
    ) -> None:
        self.kernel_size = pair(self, "kernel_size", kernel_size)
        self.stride = self.kernel_size if stride is None else pair(self, "stride", stride)
        self.padding = pair(self, "padding", padding, least=0)
        if any(2 * p > k for p, k in zip(self.padding, self.kernel_size, strict=True)):
            raise ValueError(
                f"{type(self).__name__}: padding must be at most half of kernel_size, so that every window sees a part "
                f"of the image; got padding {padding!r} for a kernel_size of {kernel_size!r}"
            )

    def output_shape(self, shape: Shape | None) -> Shape:
        image = check_images(self, shape)
        return (image[0], *output_size(self, image, self.kernel_size, self.stride, self.padding))

    def options(self) -> dict[str, Any]:
        return {name: short(getattr(self, name)) for name in ("kernel_size", "stride", "padding")}

    def __repr__(self) -> str:
        stride = f", stride={short(self.stride)}" if self.stride != self.kernel_size else ""
        padding = f", padding={short(self.padding)}" if self.padding != (0, 0) else ""
        return f"{type(self).__name__}({short(self.kernel_size)}{stride}{padding})"


class MaxPool2d(_Pool):
    """The largest number in each window, channel by channel.

        y[c, a, b] = max over i, j of  x[c, a·s + i − p, b·s + j − p]

    Outside the image stands −∞, so `padding` p never wins. Backward: ∂L/∂y goes to the pixel that was the largest,
    all others get 0; of equals in a window, the first wins, row by row, as in torch. A pixel that wins in several
    windows that overlap gets their sum.

    x: (B, C, H, W) → y: (B, C, h, w) with h = ⌊(H + 2p − k) / s⌋ + 1, and w likewise. `kernel_size`, `stride` (where
    None: `kernel_size`, no overlap) and `padding` are integers or pairs (vertical, horizontal). Raises TypeError or
    ValueError for sizes that are not integers or too small, or for a padding of more than half the kernel; ValueError
    for inputs that are no images or smaller than the kernel.
    Source: lecture D01; torch's `MaxPool2d`.
    """

    def forward(self, x: Array) -> Array:
        self.output_shape(tuple(x.shape[1:]))
        if engine.is_torch(x):
            self.x = x
            y, self.places = kernels.max_pool2d(x, self.kernel_size, self.stride, self.padding)
            return y
        xp = engine.namespace(x)
        self.padded = pad(x, self.padding, -math.inf)
        seen = windows(self.padded, self.kernel_size, self.stride)
        self.y = xp.asarray(seen[:, 0, 0], copy=True)
        for i, j in places(seen):
            xp.maximum(self.y, seen[:, i, j], out=self.y)
        return batch_first(self.y)

    def backward(self, grad_output: Array) -> Array:
        if engine.is_torch(grad_output):
            sizes = self.kernel_size, self.stride, self.padding
            return kernels.max_pool2d_backward(grad_output, self.x, *sizes, self.places)
        xp = engine.namespace(grad_output)
        seen = windows(self.padded, self.kernel_size, self.stride)
        grad_padded = xp.zeros_like(self.padded)
        grad_seen = windows(grad_padded, self.kernel_size, self.stride)
        left = xp.asarray(batch_last(grad_output), copy=True)  # what no pixel of the window has got yet
        for i, j in places(seen):
            share = left * (seen[:, i, j] == self.y)
            grad_seen[:, i, j] += share
            left -= share
        return unpad(grad_padded, self.padding)


class AvgPool2d(_Pool):
    """The mean of each window, channel by channel.

        y[c, a, b] = (1 / kh·kw) Σ over i, j of  x[c, a·s + i − p, b·s + j − p]

    The zeros of `padding` p count, as in torch (`count_include_pad=True`). Backward: each pixel of a window gets
    1 / kh·kw of ∂L/∂y; where windows overlap, the sum.

    Shapes, options and errors as in `MaxPool2d`.
    Source: lecture D01; LeCun, Bottou, Bengio & Haffner (1998), who multiply it by a learned factor; torch's
    `AvgPool2d`.
    """

    def forward(self, x: Array) -> Array:
        self.output_shape(tuple(x.shape[1:]))
        if engine.is_torch(x):
            self.x = x
            return kernels.avg_pool2d(x, self.kernel_size, self.stride, self.padding)
        xp = engine.namespace(x)
        padded = pad(x, self.padding)
        self.padded_shape = padded.shape
        seen = windows(padded, self.kernel_size, self.stride)
        y = xp.zeros_like(seen[:, 0, 0])
        for i, j in places(seen):
            y += seen[:, i, j]
        y *= 1 / math.prod(self.kernel_size)
        return batch_first(y)

    def backward(self, grad_output: Array) -> Array:
        if engine.is_torch(grad_output):
            return kernels.avg_pool2d_backward(grad_output, self.x, self.kernel_size, self.stride, self.padding)
        xp = engine.namespace(grad_output)
        share = batch_last(grad_output) * (1 / math.prod(self.kernel_size))
        grad_padded = xp.zeros(self.padded_shape, dtype=share.dtype, device=share.device)
        grad_seen = windows(grad_padded, self.kernel_size, self.stride)
        for i, j in places(grad_seen):
            grad_seen[:, i, j] += share
        return unpad(grad_padded, self.padding)


class GlobalAvgPool2d(Layer):
    """The mean of each channel over the whole image: (B, C, H, W) → (B, C), whatever the image's size.

        y[c] = (1 / H·W) Σ over a, b of  x[c, a, b]

    Backward: each of the H·W pixels gets 1 / H·W of ∂L/∂y. Raises ValueError for inputs that are no images.
    Source: Lin, Chen & Yan (2013); torch's `AdaptiveAvgPool2d(1)` with `Flatten`.
    """

    def output_shape(self, shape: Shape | None) -> Shape | None:
        channels = check_images(self, shape)[0]
        return None if channels is None else (channels,)

    def forward(self, x: Array) -> Array:
        self.output_shape(tuple(x.shape[1:]))
        self.x_shape = x.shape
        return engine.namespace(x).mean(x, axis=(2, 3))

    def backward(self, grad_output: Array) -> Array:
        xp = engine.namespace(grad_output)
        B, C, H, W = self.x_shape
        if engine.is_torch(grad_output):
            return (grad_output * (1 / (H * W)))[:, :, None, None].expand(self.x_shape)
        grad = xp.empty((C, H, W, B), dtype=grad_output.dtype, device=grad_output.device)
        grad[...] = grad_output.T[:, None, None] * (1 / (H * W))
        return batch_first(grad)
