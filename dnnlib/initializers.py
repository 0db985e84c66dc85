"""Where the weights start. Each initializer draws an array of `shape` = (fan_out, fan_in, ...) from a NumPy generator.

Weights are drawn by NumPy in float64 whatever the device and dtype, so a seed gives the same start everywhere.
With n_in = fan_in and n_out = fan_out, both counted per output position (a kernel's area counts):

| name | draws | for |
|---|---|---|
| `zeros` | 0 | biases; as weights it fails |
| `normal` | N(0, std²) | shallow networks: the lectures' "small standard deviation" |
| `uniform` | U(−1/√n_in, 1/√n_in) | any: the start of torch's `Linear` and `Conv2d` |
| `xavier_uniform`, `xavier_normal` | variance 2 / (n_in + n_out) | tanh, sigmoid, softmax: Glorot & Bengio (2010) |
| `kaiming_uniform`, `kaiming_normal` | variance 2 / n_in | ReLU and its variants: He et al. (2015) |

A layer takes the name, as in `Dense(64, 100, weight_init="kaiming_normal")`, or a function (shape, rng) -> array.
Lecture A16.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Initializer = Callable[[tuple[int, ...], np.random.Generator], np.ndarray]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """(n_in, n_out) of a weight of shape (out, in) or (out, in, kernel...). ValueError for fewer than two axes."""
    if len(shape) < 2:
        raise ValueError(f"fan in and fan out need a weight with at least 2 axes (out, in, ...), got shape {shape}")
    area = math.prod(shape[2:])
    return shape[1] * area, shape[0] * area


def zeros(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """All zeros: right for biases, wrong for weights (all neurons of a layer stay equal)."""
    return np.zeros(shape)


def normal(shape: tuple[int, ...], rng: np.random.Generator, std: float = 0.01) -> np.ndarray:
    """N(0, std²), whatever the layer's width. For another std: `functools.partial(normal, std=0.5)`."""
    return rng.normal(0.0, std, shape)


def uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """U(−1/√n_in, 1/√n_in), as torch starts the weight of `Linear` and `Conv2d`: variance 1 / (3 n_in)."""
    bound = 1 / math.sqrt(fans(shape)[0])
    return rng.uniform(-bound, bound, shape)


def xavier_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """U(−a, a), a = √(6 / (n_in + n_out)): keeps the variance of signals and gradients level for tanh-like layers."""
    bound = math.sqrt(6 / sum(fans(shape)))
    return rng.uniform(-bound, bound, shape)


def xavier_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """N(0, 2 / (n_in + n_out)): `xavier_uniform`'s variance, for tanh-like layers as well."""
    return rng.normal(0.0, math.sqrt(2 / sum(fans(shape))), shape)


def kaiming_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """U(−a, a), a = √(6 / n_in): makes up for the half that ReLU cuts off."""
    bound = math.sqrt(6 / fans(shape)[0])
    return rng.uniform(-bound, bound, shape)


def kaiming_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """N(0, 2 / n_in): `kaiming_uniform`'s variance, for ReLU as well."""
    return rng.normal(0.0, math.sqrt(2 / fans(shape)[0]), shape)


INITIALIZERS: dict[str, Initializer] = {
    f.__name__: f for f in (zeros, normal, uniform, xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal)
}


def get(initializer: str | Initializer) -> Initializer:
    """The initializer of that name, or the callable itself. Raises ValueError for an unknown name."""
    if callable(initializer):
        return initializer
    if not isinstance(initializer, str) or initializer not in INITIALIZERS:
        raise ValueError(f"initializer: expected one of {', '.join(INITIALIZERS)}, got {initializer!r}")
    return INITIALIZERS[initializer]
