"""Layers that leave out at random while the network learns: neurons (Dropout), connections (DropConnect).

Lectures A35, B14, C23, C24.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.checks import PROBABILITY, check_real
from dnnlib.engine import Array
from dnnlib.layers.base import Layer
from dnnlib.layers.dense import Dense


def _check_p(layer: Layer, p: Any) -> float:
    return float(check_real(f"{type(layer).__name__}: p, the probability to leave out,", p, PROBABILITY))


def _kept(shape: tuple[int, ...], p: float, rng: np.random.Generator) -> np.ndarray:
    """1 with probability 1 − p, else 0: drawn by NumPy in float32, so the same on every device and in every dtype."""
    return rng.random(shape, dtype=np.float32) >= np.float32(p)


def _scaled(kept: np.ndarray, factor: float, like: Array) -> Array:
    """`kept` times `factor`, on the device and in the dtype of `like`."""
    drawn = engine.namespace(like).astype(engine.to_device(kept, engine.device_of(like)), like.dtype)
    drawn *= factor
    return drawn


class Dropout(Layer):
    """Each element is set to 0 with probability p while training; m is drawn anew for every batch.

        training:   y = m ∘ x / (1 − p),   m = 1 with probability 1 − p, else 0        (inverted dropout, as in torch)
        testing:    y = x

    With `inverted=False`, the lectures' rule: y = m ∘ x in training, and y = (1 − p) x in testing. The two networks
    compute the same where the weights behind the second are those of the first divided by 1 − p; either way the
    expected input of the next layer is the same in training as in testing.

    Backward: ∂L/∂x = m ∘ ∂L/∂y, with the factor of the forward pass. Any shape. `p` may be changed between batches
    (annealed dropout). Raises ValueError for a p outside [0, 1].
    Source: Srivastava et al. (2014); lectures A35, B14, C23; torch's `Dropout`.
    """

    def __init__(self, p: float = 0.5, inverted: bool = True) -> None:
        self.p = p
        self.inverted = bool(inverted)

    @property
    def p(self) -> float:
        """The probability to drop out."""
        return self._p

    @p.setter
    def p(self, p: float) -> None:
        self._p = _check_p(self, p)

    def forward(self, x: Array) -> Array:
        if self.training:
            self.factor = self.drawn(x)  # m / (1 − p)
        else:
            self.factor = 1.0 if self.inverted else 1 - self.p
        return x * self.factor

    def draw(self, like: Array) -> Array:
        shape, keep = tuple(like.shape), 1 - self.p
        mine, examples = self.share or (slice(None), shape[0])
        kept = _kept((examples, *shape[1:]), self.p, self.rng)[mine]
        return _scaled(kept, 1 / keep if self.inverted and keep else 1.0, like)

    def backward(self, grad_output: Array) -> Array:
        return grad_output * self.factor


class DropConnect(Dense):
    """A `Dense` layer whose connections are left out with probability p while training: z = (M ∘ W) x / (1 − p) + b.

    M has W's shape and is drawn anew for every batch: 1 with probability 1 − p, else 0. In testing, z = W x + b, the
    mean over all M. (Wan et al. draw an M for every example, and sample in testing; one M a batch costs a B-th of
    that.) The bias is never dropped.

        ∂L/∂W = M ∘ (δᵀ X) / (1 − p)        ∂L/∂b = Σ over the batch of δ        ∂L/∂X = δ (M ∘ W) / (1 − p)

    Shapes and starting values as in `Dense`. Raises ValueError for a p outside [0, 1), and what `Dense` raises.
    Source: Wan et al. (2013); lecture C24.
    """

    def __init__(
        self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True, weight_init: Any = None
    ) -> None:
        super().__init__(in_features, out_features, bias, weight_init)
        self.p = _check_p(self, p)
        if self.p == 1:
            raise ValueError("DropConnect: p must be below 1, else no connection is left")

    def forward(self, x: Array) -> Array:
        self._check_input(x)
        self.x, self.used, self.factor = x, self.weight, None
        if self.training:
            self.factor = self.drawn(self.weight)
            self.used = self.weight * self.factor
        z = x @ self.used.T
        if self.has_bias:
            z += self.bias
        return z

    def draw(self, like: Array) -> Array:
        return _scaled(_kept(tuple(like.shape), self.p, self.rng), 1 / (1 - self.p), like)

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        super().backward(grad_output, input_grad=False)
        if self.factor is not None:
            self.grad_weight *= self.factor
        return grad_output @ self.used if input_grad else None

    def options(self) -> dict[str, Any]:
        return super().options() | {"p": self.p}

    def __repr__(self) -> str:
        bias = "" if self.has_bias else ", bias=False"
        return f"DropConnect({self.in_features}, {self.out_features}, p={self.p}{bias})"
