"""Layers that only change the shape."""

from __future__ import annotations

import math

from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Shape


class Flatten(Layer):
    """Images become vectors: (B, C, H, W) → (B, C·H·W), so that a `Dense` layer can follow.

    Backward: the gradient takes the images' shape again. Any shape with a batch axis. Source: lecture D01 (the
    ConvNet's step from pooling to full connection); torch's `Flatten`.
    """

    def forward(self, x: Array) -> Array:
        self.x_shape = tuple(x.shape)
        return x.reshape(x.shape[0], math.prod(x.shape[1:]))

    def backward(self, grad_output: Array) -> Array:
        return grad_output.reshape(self.x_shape)

    def output_shape(self, shape: Shape | None) -> Shape | None:
        if shape is None:
            return None
        lengths = [n for n in shape if n is not None]
        return (math.prod(lengths),) if len(lengths) == len(shape) else None
