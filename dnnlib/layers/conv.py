"""The convolution of images. Lecture D01."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dnnlib import engine, initializers, kernels
from dnnlib.checks import check_size
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Parameter, Shape
from dnnlib.layers.windows import (
    add_columns,
    batch_first,
    batch_last,
    check_images,
    columns,
    output_size,
    pad,
    pair,
    short,
    unpad,
    windows,
)


class Conv2d(Layer):
    """Slides `out_channels` small kernels over images: the same few weights look at every place.

        y[o, a, b] = bias[o]
            + Σ over c, i, j of  weight[o, c, i, j] · x[c, a·s + i − p, b·s + j − p]

    with stride s, and x = 0 in the frame of `padding` p around the image. The kernel is not flipped: strictly, this is
    cross-correlation, which deep learning calls convolution, as torch does.

    It is a `Dense` layer for windows. With the windows as columns of a matrix X (C·kh·kw, pixels), and W the weight as
    a matrix (out_channels, C·kh·kw), Y = W X + b. With δ = ∂L/∂Y,

        ∂L/∂W = δ Xᵀ        ∂L/∂b = Σ over the pixels of δ        ∂L/∂X = Wᵀ δ

    and as windows overlap, ∂L/∂x at a pixel is the sum of ∂L/∂X over all windows that see it. That is what runs on
    NumPy; on torch tensors `dnnlib.kernels` compute the same.

    x: (B, in_channels, H, W) → y: (B, out_channels, h, w) with h = ⌊(H + 2p − k) / s⌋ + 1, and w likewise.
    `kernel_size`, `stride` and `padding` are integers or pairs (vertical, horizontal). `weight` has shape
    (out_channels, in_channels, kh, kw); it and `bias` start from U(−1/√n, 1/√n), n = in_channels·kh·kw, as in torch.
    `weight_init` as in `Dense`; the bias then starts at zero.

    Raises TypeError or ValueError for sizes that are not integers or too small; ValueError for inputs that are no
    images, have another number of channels, or are smaller than the kernel.
    Source: LeCun, Bottou, Bengio & Haffner (1998); lecture D01; torch's `Conv2d`.
    """

    weight = Parameter()
    bias = Parameter()
    grad_weight = Parameter()
    grad_bias = Parameter()

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        bias: bool = True,
        weight_init: str | initializers.Initializer | None = None,
    ) -> None:
        self.in_channels = check_size("Conv2d: in_channels", in_channels)
        self.out_channels = check_size("Conv2d: out_channels", out_channels)
        self.kernel_size = pair(self, "kernel_size", kernel_size)
        self.stride = pair(self, "stride", stride)
        self.padding = pair(self, "padding", padding, least=0)
        self.has_bias = bool(bias)
        self.weight_init = None if weight_init is None else initializers.get(weight_init)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        shapes: dict[str, tuple[int, ...]] = {"weight": (self.out_channels, self.in_channels, *self.kernel_size)}
        return shapes | {"bias": (self.out_channels,)} if self.has_bias else shapes

    def initialize(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        shapes = self.shapes()
        values = {"weight": (self.weight_init or initializers.uniform)(shapes["weight"], rng)}
        if self.has_bias:
            bound = 0.0 if self.weight_init else 1 / math.sqrt(initializers.fans(shapes["weight"])[0])
            values["bias"] = rng.uniform(-bound, bound, shapes["bias"])
        return values

    def output_shape(self, shape: Shape | None) -> Shape:
        image = check_images(self, shape, self.in_channels)
        return (self.out_channels, *output_size(self, image, self.kernel_size, self.stride, self.padding))

    def forward(self, x: Array) -> Array:
        shape: Any = self.output_shape(tuple(x.shape[1:]))
        if engine.is_torch(x):
            self.x = x
            return kernels.conv2d(x, self.weight, self.bias if self.has_bias else None, self.stride, self.padding)
        xp = engine.namespace(x)
        self.padded = pad(x, self.padding)
        W = self.weight.reshape(self.out_channels, -1)
        y = xp.empty((*shape, x.shape[0]), dtype=x.dtype, device=x.device)
        Y = y.reshape(self.out_channels, -1)
        for tile, X in columns(windows(self.padded, self.kernel_size, self.stride)):
            xp.matmul(W, X, out=Y[:, tile.pixels])
            if self.has_bias:
                Y[:, tile.pixels] += self.bias[:, None]
        return batch_first(y)

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        if engine.is_torch(grad_output):
            return self._by_kernels(grad_output, input_grad)
        xp = engine.namespace(grad_output)
        delta = batch_last(grad_output).reshape(self.out_channels, -1)
        W = self.weight.reshape(self.out_channels, -1)
        grad_W = xp.zeros_like(W)
        grad_padded = xp.zeros(self.padded.shape, dtype=self.padded.dtype, device=self.padded.device)
        grad_windows = windows(grad_padded, self.kernel_size, self.stride)
        for tile, X in columns(windows(self.padded, self.kernel_size, self.stride)):
            grad_W += delta[:, tile.pixels] @ X.T
            if input_grad:
                xp.matmul(W.T, delta[:, tile.pixels], out=X)  # ∂L/∂X may take the place of X, which is done with
                add_columns(grad_windows, tile, X)
        self.grad_weight[...] = grad_W.reshape(self.grad_weight.shape)
        if self.has_bias:
            self.grad_bias[...] = xp.sum(delta, axis=1)
        return unpad(grad_padded, self.padding) if input_grad else None

    def _by_kernels(self, delta: Array, input_grad: bool) -> Array:
        """`backward` by torch's kernels."""
        grad_x, grad_weight, grad_bias = kernels.conv2d_backward(
            delta, self.x, self.weight, self.stride, self.padding, input_grad, self.has_bias
        )
        self.grad_weight[...] = grad_weight
        if self.has_bias:
            self.grad_bias[...] = grad_bias
        return grad_x if input_grad else None

    def options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "in_channels": self.in_channels,
            "out_channels": self.out_channels,
            "kernel_size": short(self.kernel_size),
            "stride": short(self.stride),
            "padding": short(self.padding),
        }
        return options if self.has_bias else options | {"bias": False}

    def __repr__(self) -> str:
        size = short(self.kernel_size)
        stride = f", stride={short(self.stride)}" if self.stride != (1, 1) else ""
        padding = f", padding={short(self.padding)}" if self.padding != (0, 0) else ""
        bias = "" if self.has_bias else ", bias=False"
        return f"Conv2d({self.in_channels}, {self.out_channels}, {size}{stride}{padding}{bias})"
