"""torch's own kernels for images: what cuDNN and oneDNN compute for torch, forward and backward.

The layers for images have their equations as array code, which NumPy runs. On torch tensors the same equations are left
to these kernels: written for each kind of processor, they read every pixel from its cache and not once a window. Only
here does the library ask torch for a derivative, and only by its name, never by autograd.

Images are (B, C, H, W); kernel, stride and padding are pairs. Sources: Chetlur et al. (2014) for cuDNN; torch's
`native_functions.yaml`.
"""

from __future__ import annotations

import sys
from typing import Any

from dnnlib.engine import Array

Pair = tuple[int, int]


def _aten() -> Any:
    return sys.modules["torch"].ops.aten


def conv2d(x: Array, weight: Array, bias: Array | None, stride: Pair, padding: Pair) -> Array:
    """y = weight ⋆ x + bias, as `Conv2d` writes it."""
    return _aten().convolution(x, weight, bias, stride, padding, (1, 1), False, (0, 0), 1)


def conv2d_backward(
    delta: Array, x: Array, weight: Array, stride: Pair, padding: Pair, input_grad: bool, has_bias: bool
) -> tuple[Array, Array, Array]:
    """(∂L/∂x, ∂L/∂weight, ∂L/∂bias) from δ = ∂L/∂y; None for those that are not asked for."""
    shape = [weight.shape[0]] if has_bias else None
    wanted = input_grad, True, has_bias
    gradients: tuple[Array, Array, Array] = _aten().convolution_backward(
        delta, x, weight, shape, stride, padding, (1, 1), False, (0, 0), 1, wanted
    )
    return gradients


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> tuple[Array, Array]:
    """The largest of each window, and the place of the pixel that was it."""
    largest: tuple[Array, Array] = _aten().max_pool2d_with_indices(x, kernel, stride, padding)
    return largest


def max_pool2d_backward(delta: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair, places: Array) -> Array:
    """∂L/∂x: ∂L/∂y of each window, at the pixel that was the largest."""
    return _aten().max_pool2d_with_indices_backward(delta, x, kernel, stride, padding, (1, 1), False, places)


def avg_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    """The mean of each window; zeros of the padding count."""
    return _aten().avg_pool2d(x, kernel, stride, padding, False, True)


def avg_pool2d_backward(delta: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    """∂L/∂x: of ∂L/∂y an equal share to every pixel of the window."""
    return _aten().avg_pool2d_backward(delta, x, kernel, stride, padding, False, True, None)
