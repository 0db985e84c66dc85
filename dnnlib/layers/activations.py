"""Activation functions: they bend the straight line that a `Dense` layer draws. `Maxout` has a file of its own.

All but `Softmax` act on every element alone. Lectures A17, B04, C17, D03, E04, E13.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.checks import FINITE, check_real, check_size
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Parameter, Shape
from dnnlib.probability import softmax


class Identity(Layer):
    """f(z) = z, in (−∞, ∞): no activation at all.

    Backward: f′(z) = 1. Any shape. A network with no other activation is one affine map, however deep.
    Source: lectures B05, D03; torch's `Identity`.
    """

    def forward(self, x: Array) -> Array:
        return x

    def backward(self, grad_output: Array) -> Array:
        return grad_output


class BinaryStep(Layer):
    """f(z) = 1 for z > 0, else 0: the threshold of the perceptron. A tie, z = 0, does not fire.

    Backward: f′(z) = 0, also at z = 0, where there is no derivative. So no gradient reaches what lies before it, and
    that cannot be trained by gradient descent. Any shape. Source: lectures A05, D03, E04.
    """

    def forward(self, x: Array) -> Array:
        return engine.namespace(x).astype(x > 0, x.dtype)

    def backward(self, grad_output: Array) -> Array:
        return engine.namespace(grad_output).zeros_like(grad_output)


class Sigmoid(Layer):
    """σ(z) = 1 / (1 + e^(−z)), in (0, 1).

    Backward: σ′(z) = σ(z) (1 − σ(z)), at most 1/4, at z = 0. Any shape.
    Source: lectures A06, A17, B04, D03 ("logistic"), E04; torch's `Sigmoid`.
    """

    def forward(self, x: Array) -> Array:
        with np.errstate(over="ignore"):  # where e^(−z) is too large for the dtype, 1 / (1 + ∞) = 0 is right
            self.y = 1 / (1 + engine.namespace(x).exp(-x))
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * (self.y * (1 - self.y))


class Tanh(Layer):
    """tanh(z) = (e^z − e^(−z)) / (e^z + e^(−z)), in (−1, 1); it is 2 σ(2z) − 1.

    Backward: tanh′(z) = 1 − tanh(z)², at most 1, at z = 0. Any shape.
    Source: lectures A17, B04, D03, E13; torch's `Tanh`.
    """

    def forward(self, x: Array) -> Array:
        self.y = engine.namespace(x).tanh(x)
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * (1 - self.y * self.y)


class ArcTan(Layer):
    """f(z) = tan⁻¹(z), in (−π/2, π/2).

    Backward: f′(z) = 1 / (1 + z²), at most 1, at z = 0; it vanishes far more slowly than that of tanh. Any shape.
    Source: lecture D03.
    """

    def forward(self, x: Array) -> Array:
        self.x = x
        return engine.namespace(x).atan(x)

    def backward(self, grad_output: Array) -> Array:
        return grad_output / (1 + self.x * self.x)


class ReLU(Layer):
    """ReLU(z) = max(0, z), in [0, ∞).

    Backward: 1 where z > 0, else 0; at z = 0, where there is no derivative, 0, as in torch. Any shape.
    Source: Glorot, Bordes & Bengio (2011); lectures A17, B04, C17, D03, E13; torch's `ReLU`.
    """

    def forward(self, x: Array) -> Array:
        self.y = x.clip(min=0)
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * engine.positive(self.y)


class LeakyReLU(Layer):
    """f(z) = max(0, z) + a min(0, z), in (−∞, ∞): z for z > 0, a z else, with a = `negative_slope`.

    For a ≤ 1 that is max(a z, z). Backward: 1 where z > 0, else a. A neuron that is negative for all data still
    learns. Any shape. Raises ValueError for an a that is not a finite number.
    Source: Maas, Hannun & Ng (2013); lectures A17, C17, E13; torch's `LeakyReLU`.
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = _finite(self, "negative_slope", negative_slope)

    def forward(self, x: Array) -> Array:
        self.x = x
        return x.clip(min=0) + self.negative_slope * x.clip(max=0)

    def backward(self, grad_output: Array) -> Array:
        return grad_output * _slopes(self.x, self.negative_slope)


class PReLU(Layer):
    """Parametric ReLU: f(z) = max(0, z) + a min(0, z), in (−∞, ∞), where a is learned.

        ∂L/∂z = ∂L/∂f · (1 where z > 0, else a)        ∂L/∂a = Σ ∂L/∂f · min(0, z)

    The sum runs over the batch and every place that shares the a. `weight`, of shape (num_parameters,), holds one a
    for all features, or one a feature: a channel of an image is one. It starts at `init`.

    x: (B, features) or (B, channels, height, width). Raises ValueError for another number of features than
    `num_parameters` (unless that is 1) and for an `init` that is not a finite number, TypeError or ValueError for a
    `num_parameters` that is not a positive integer.
    Source: He, Zhang, Ren & Sun (2015); lectures A17, C17, D03; torch's `PReLU`.
    """

    weight = Parameter()
    grad_weight = Parameter()

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        self.num_parameters = check_size("PReLU: num_parameters", num_parameters)
        self.init = _finite(self, "init", init)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {"weight": (self.num_parameters,)}

    def initialize(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        return {"weight": np.full(self.num_parameters, self.init)}

    def output_shape(self, shape: Shape | None) -> Shape | None:
        if self.num_parameters > 1 and shape is not None and shape[0] not in (None, self.num_parameters):
            raise ValueError(
                f"{self} has a slope for each of {self.num_parameters} features or channels, got shape {shape}; "
                f"num_parameters must be {shape[0]}, or 1 for one slope that all share"
            )
        return shape

    def forward(self, x: Array) -> Array:
        self.output_shape(tuple(x.shape[1:]))
        self.x = x
        self.slope = self.weight.reshape(1, -1, *(1 for _ in x.shape[2:]))
        return x.clip(min=0) + self.slope * x.clip(max=0)

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        xp = engine.namespace(grad_output)
        shared = None if self.num_parameters == 1 else tuple(axis for axis in range(self.x.ndim) if axis != 1)
        self.grad_weight[...] = xp.sum(grad_output * self.x.clip(max=0), axis=shared)
        return grad_output * _slopes(self.x, self.slope) if input_grad else None


class ELU(Layer):
    """f(z) = max(0, z) + α (e^min(0, z) − 1), in (−α, ∞): z for z > 0, α (e^z − 1) else.

    Backward: 1 where z > 0, else α e^z = f(z) + α. Any shape. Raises ValueError for an α that is not a finite number.
    Source: Clevert, Unterthiner & Hochreiter (2015); lectures A17, D03, E13; torch's `ELU`.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = _finite(self, "alpha", alpha)

    def forward(self, x: Array) -> Array:
        self.x = x
        self.y = x.clip(min=0) + self.alpha * engine.namespace(x).expm1(x.clip(max=0))
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * _slopes(self.x, self.y + self.alpha)


class Softplus(Layer):
    """f(z) = ln(1 + e^z), in (0, ∞): a smooth ReLU. Computed as max(0, z) + ln(1 + e^(−|z|)), which cannot overflow.

    Backward: f′(z) = σ(z), in (0, 1); as σ(z) = e^z / (1 + e^z), it is e^(z − f(z)). Any shape.
    Source: Glorot, Bordes & Bengio (2011); lecture D03 ("SoftPlus"); torch's `Softplus` with β = 1, which is exact
    here at any z.
    """

    def forward(self, x: Array) -> Array:
        xp = engine.namespace(x)
        self.x = x
        self.y = x.clip(min=0) + xp.log1p(xp.exp(-xp.abs(x)))
        return self.y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * engine.namespace(grad_output).exp(self.x - self.y)


class Softmax(Layer):
    """softmax(z)ⱼ = e^(zⱼ) / Σₖ e^(zₖ) over the features (axis 1): in (0, 1), and they add up to 1.

    With y = softmax(z), ∂yⱼ/∂zₖ = yⱼ (1 − yⱼ) for k = j, else −yⱼ yₖ. Backward, for g = ∂L/∂y:
    ∂L/∂zⱼ = yⱼ (gⱼ − Σₖ gₖ yₖ). (B, features), or (B, channels, height, width): then over the channels of each place.

    To classify, leave it out and train the raw outputs with `SoftmaxCrossEntropy`, which has it inside.
    Source: lectures A21, C05, E12; torch's `Softmax(dim=1)`.
    """

    def forward(self, x: Array) -> Array:
        self.y = softmax(x, axis=1)
        return self.y

    def backward(self, grad_output: Array) -> Array:
        total = engine.namespace(grad_output).sum(grad_output * self.y, axis=1, keepdims=True)
        return self.y * (grad_output - total)


def _slopes(x: Array, negative: Any) -> Array:
    """1 where x > 0, else what `negative` says: exactly, as one of the two terms is 0."""
    positive = engine.positive(x)
    return positive + negative * (1 - positive)


def _finite(layer: Layer, name: str, value: Any) -> float:
    """`value` as Python's number, ValueError unless it is a finite one."""
    return float(check_real(f"{type(layer).__name__}: {name}", value, FINITE))
