"""Where the weights start. Each initializer draws an array of `shape` = (fan_out, fan_in, ...) from a NumPy generator.

Weights are drawn by NumPy in float64 whatever the device and dtype, so a seed gives the same start everywhere.
With n_in = fan_in and n_out = fan_out, both counted per output position (a kernel's area counts):

| name | draws |
|---|---|
| `zeros` | 0 |
| `normal` | N(0, std²) |
| `uniform` | U(−1/√n_in, 1/√n_in): the start of torch's `Linear` |
| `xavier_uniform`, `xavier_normal` | variance 2 / (n_in + n_out): Glorot & Bengio (2010) |
| `kaiming_uniform`, `kaiming_normal` | variance 2 / n_in: He et al. (2015) |

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
    """N(0, std²). For another width: `functools.partial(normal, std=0.5)`."""
    return rng.normal(0.0, std, shape)


def uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """U(−1/√n_in, 1/√n_in), as torch starts a `Linear` layer's weight."""
    bound = 1 / math.sqrt(fans(shape)[0])
    return rng.uniform(-bound, bound, shape)


def xavier_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """U(−a, a), a = √(6 / (n_in + n_out)): keeps the variance of signals and gradients level for tanh-like layers."""
    bound = math.sqrt(6 / sum(fans(shape)))
    return rng.uniform(-bound, bound, shape)


def xavier_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """N(0, 2 / (n_in + n_out))."""
    return rng.normal(0.0, math.sqrt(2 / sum(fans(shape))), shape)


def kaiming_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """U(−a, a), a = √(6 / n_in): makes up for the half that ReLU cuts off."""
    bound = math.sqrt(6 / fans(shape)[0])
    return rng.uniform(-bound, bound, shape)


def kaiming_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """N(0, 2 / n_in)."""
    return rng.normal(0.0, math.sqrt(2 / fans(shape)[0]), shape)


INITIALIZERS: dict[str, Initializer] = {
    f.__name__: f for f in (zeros, normal, uniform, xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal)
}


def get(initializer: str | Initializer) -> Initializer:
    """The initializer of that name, or the callable itself. Raises ValueError for an unknown name."""
    if callable(initializer):
        return initializer
    if initializer not in INITIALIZERS:
        raise ValueError(f"initializer: expected one of {', '.join(INITIALIZERS)}, got {initializer!r}")
    return INITIALIZERS[initializer]
