"""Batch normalization. Lecture D04."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.checks import check_size
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Parameter, Shape
from dnnlib.layers.windows import batch_first, batch_last


class BatchNorm(Layer):
    """Every feature (of images: every channel) gets the mean β and the standard deviation γ, whatever came before.

        x̂ = (x − μ) / σ        y = γ x̂ + β        σ = √(variance + ε)

    In training, μ and the variance are those of the batch: of the n numbers that the feature has in it (n = B, or
    B·H·W for images), the variance with 1/n. In testing they are `running_mean` and `running_var`, so that what comes
    out for an example does not depend on the batch it is in. Each training batch moves these by

        running_mean ← (1 − m) running_mean + m μ        running_var ← (1 − m) running_var + m variance · n / (n − 1)

    with m = `momentum`, the variance now the unbiased one (1/(n − 1)), as it is to stand for all data. If `momentum`
    is None, m = 1/t in the t-th batch: the mean over all batches so far.

    Backward. With g = ∂L/∂y, and all sums over the feature's n numbers,

        ∂L/∂β = Σ g        ∂L/∂γ = Σ g x̂        ∂L/∂x = (γ/σ) (g − 1/n Σ g − x̂ · 1/n Σ g x̂)

    In training μ and σ depend on every xᵢ of the feature: ∂μ/∂xᵢ = 1/n, and ∂σ/∂xᵢ = (xᵢ − μ) / (n σ) = x̂ᵢ/n. So
    ∂x̂ₖ/∂xᵢ = ([k = i] − 1/n − x̂ₖ x̂ᵢ/n) / σ, and Σₖ γ gₖ ∂x̂ₖ/∂xᵢ is the ∂L/∂xᵢ above. In testing they are constants,
    and ∂L/∂x = (γ/σ) g.

    x: (B, num_features) or (B, num_features, H, W), y likewise. `weight` is γ, from 1, and `bias` is β, from 0.
    `num_batches_tracked` counts the training batches. Raises ValueError for inputs of another shape, and in training
    for a batch with a single number per feature: it is its own mean, so y = β whatever x is. TypeError or ValueError
    for a `num_features` that is not a positive integer, an `eps` that is not positive or a `momentum` outside [0, 1].
    Source: Ioffe & Szegedy (2015); lecture D04; torch's `BatchNorm1d` and `BatchNorm2d`.
    """

    weight = Parameter()
    bias = Parameter()
    grad_weight = Parameter()
    grad_bias = Parameter()
    running_mean = Parameter()
    running_var = Parameter()
    num_batches_tracked = Parameter()

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1) -> None:
        self.num_features = check_size("BatchNorm: num_features", num_features)
        self.eps = _number("eps", eps)
        self.momentum = None if momentum is None else _number("momentum", momentum)
        if not 0 < self.eps < np.inf:
            raise ValueError(f"BatchNorm: eps must be a positive number, as it keeps σ from 0, got {eps!r}")
        if self.momentum is not None and not 0 <= self.momentum <= 1:
            raise ValueError(f"BatchNorm: momentum must lie in [0, 1], or be None for the mean, got {momentum!r}")

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {"weight": (self.num_features,), "bias": (self.num_features,)}

    def initialize(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        return {"weight": np.ones(self.num_features), "bias": np.zeros(self.num_features)}

    def buffers(self) -> dict[str, np.ndarray]:
        C = self.num_features
        return {"running_mean": np.zeros(C), "running_var": np.ones(C), "num_batches_tracked": np.zeros(())}

    def output_shape(self, shape: Shape | None) -> Shape | None:
        if shape is None:
            return None
        if len(shape) not in (1, 3):
            raise ValueError(
                f"{self} expects vectors of shape ({self.num_features},) or images of shape ({self.num_features}, "
                f"height, width), got {shape}"
            )
        if shape[0] not in (None, self.num_features):
            raise ValueError(
                f"{self} expects {self.num_features} features or channels, got {shape[0]} in the shape {shape}"
            )
        return (self.num_features, *shape[1:])

    def forward(self, x: Array) -> Array:
        self._check_input(x)
        x = _by_feature(x)
        self.by_batch = self.training
        if self.by_batch:
            n = math.prod(x.shape[1:])
            mean, variance, self.from_mean = _moments(x)
            self._remember(mean, variance, n)
        else:
            self.from_mean = x - _column(self.running_mean, x)
            variance = self.running_var
        self.sigma = engine.namespace(x).sqrt(variance + self.eps)
        y = self.from_mean * _column(self.weight / self.sigma, x)
        y += _column(self.bias, x)
        return self._as_input(y)

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        g = _by_feature(grad_output)
        sum_g, sum_gx = _sums(g, self.from_mean)
        sum_gx = sum_gx / self.sigma
        self.grad_bias[...] = sum_g
        self.grad_weight[...] = sum_gx
        if not input_grad:
            return None
        slope = _column(self.weight / self.sigma, g)
        if not self.by_batch:
            return self._as_input(g * slope)
        n = math.prod(g.shape[1:])
        grad = self.from_mean * _column(-sum_gx / (n * self.sigma), g)  # −x̂ · 1/n Σ g x̂
        grad += g
        grad -= _column(sum_g / n, g)
        grad *= slope
        return self._as_input(grad)

    def _remember(self, mean: Array, variance: Array, n: int) -> None:
        """Move the running statistics towards those of this batch."""
        self.num_batches_tracked[...] += 1
        m = 1 / self.num_batches_tracked if self.momentum is None else self.momentum
        self.running_mean[...] += m * (mean - self.running_mean)
        self.running_var[...] += m * (variance * (n / (n - 1)) - self.running_var)

    def _as_input(self, y: Array) -> Array:
        """What lies by feature in the shape and dtype of the input."""
        if engine.is_torch(y):
            return y.transpose(0, 1).to(self.x_dtype)
        return y.T if len(self.x_shape) == 2 else batch_first(y.reshape(*self.x_shape[1:], self.x_shape[0]))

    def _check_input(self, x: Array) -> None:
        self.x_shape, self.x_dtype = tuple(x.shape), x.dtype
        self.output_shape(self.x_shape[1:])
        if self.training and x.shape[0] * math.prod(self.x_shape[2:]) < 2:
            raise ValueError(
                f"{self} got a single number per feature to train on, in an input of shape {self.x_shape}: it is its "
                f"own mean and its variance is 0, so nothing of it would be left. Train with batches of at least 2, "
                f"the last one of an epoch included; to compute outputs, use predict or eval()"
            )

    def __repr__(self) -> str:
        eps = "" if self.eps == 1e-5 else f", eps={self.eps:g}"
        momentum = "" if self.momentum == 0.1 else f", momentum={self.momentum}"
        return f"BatchNorm({self.num_features}{eps}{momentum})"


def _by_feature(x: Array) -> Array:
    """(B, C) or (B, C, H, W) with the features first: x[c] is all that the batch has of one feature.

    On NumPy (C, n); on torch a view, (C, B) or (C, B, H, W), which widens bfloat16: sums of many terms need the digits.
    """
    if engine.is_torch(x):
        return (x if engine.dtype_of(x) in engine.DTYPES else x.float()).transpose(0, 1)
    return x.T if x.ndim == 2 else batch_last(x).reshape(x.shape[1], -1)


def _column(values: Array, x: Array) -> Array:
    """One number a feature, in a shape that goes with x by feature."""
    return values.reshape(-1, *(1 for _ in x.shape[1:]))


def _moments(x: Array) -> tuple[Array, Array, Array]:
    """Mean and variance of every feature of x, and x − mean.

    Measured from the feature's first number: a mean that is large beside the differences would cost their last digits.
    """
    xp = engine.namespace(x)
    first = x[(slice(None), *(slice(1) for _ in x.shape[1:]))]
    rest = x - first
    if engine.is_torch(x):
        variance, mean = xp.var_mean(rest, dim=tuple(range(1, x.ndim)), correction=0)  # reads x once
        return first.reshape(-1) + mean, variance, rest - _column(mean, x)
    mean = xp.mean(rest, axis=1, keepdims=True)
    rest -= mean
    return (first + mean)[:, 0], xp.vecdot(rest, rest) / x.shape[1], rest


def _sums(g: Array, from_mean: Array) -> tuple[Array, Array]:
    """Σ g and Σ g (x − mean) of every feature."""
    xp = engine.namespace(g)
    if engine.is_torch(g):
        axes = tuple(range(1, g.ndim))
        return g.sum(axes), (g * from_mean).sum(axes)
    return xp.sum(g, axis=1), xp.vecdot(g, from_mean)


def _number(name: str, value: Any) -> float:
    if not isinstance(value, (int, float, np.number)) or isinstance(value, bool):
        raise TypeError(f"BatchNorm: {name} must be a number, got {value!r}")
    return float(value)
