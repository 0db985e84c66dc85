"""Activation functions: they bend the straight line that a `Dense` layer draws. Each acts on every element alone.

Lectures A17, B04, D03, E13.
"""

from __future__ import annotations

from dnnlib import engine
from dnnlib.engine import Array
from dnnlib.layers.base import Layer


class Sigmoid(Layer):
    """σ(z) = 1 / (1 + e^(−z)), in (0, 1).

    Backward: σ′(z) = σ(z) (1 − σ(z)), at most 1/4. Written with e^(−|z|) alone, so no z overflows. Any shape.
    """

    def forward(self, x: Array) -> Array:
        xp = engine.namespace(x)
        e = xp.exp(-xp.abs(x))  # in (0, 1]: σ(z) = 1 / (1 + e) for z ≥ 0, and e / (1 + e) for z < 0
        self.y = xp.where(x >= 0, xp.ones_like(e), e) / (1 + e)
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * self.y * (1 - self.y)


class Tanh(Layer):
    """tanh(z) = (e^z − e^(−z)) / (e^z + e^(−z)), in (−1, 1).

    Backward: tanh′(z) = 1 − tanh(z)², at most 1. Any shape.
    """

    def forward(self, x: Array) -> Array:
        self.y = engine.namespace(x).tanh(x)
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * (1 - self.y * self.y)


class ReLU(Layer):
    """ReLU(z) = max(0, z), in [0, ∞).

    Backward: 1 where z > 0, else 0; at z = 0, where there is no derivative, 0, as in torch. Any shape.
    Source: Glorot, Bordes & Bengio (2011); lectures A17, B04, C17.
    """

    def forward(self, x: Array) -> Array:
        self.y = engine.namespace(x).maximum(x, 0)
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * (self.y > 0)
