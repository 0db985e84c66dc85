"""Probabilities: softmax makes them; information, entropy, cross-entropy and KL divergence measure them.

`base` is that of the logarithm: 2 (bits) unless given, `math.e` for nats, in which the losses count, 10 for the
numbers on lecture A's slides. Lectures A20, A21, C05, E11, E12.
"""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array

TOLERANCE = 1e-6  # how far a distribution's sum may lie from 1: rounding in float32 stays below


def softmax(z: Array, axis: int = -1) -> Array:
    """softmax(z)ⱼ = e^(zⱼ) / Σₖ e^(zₖ) along `axis`, the last unless given: positive numbers that add up to 1.

    The largest z is subtracted first; that changes nothing (it cancels) and no exponential overflows.
    `z` is a floating-point array of either engine, of any shape; the result has the same shape.
    """
    xp = engine.namespace(z)
    e = xp.exp(z - xp.max(z, axis=axis, keepdims=True))
    return e / xp.sum(e, axis=axis, keepdims=True)


def information(p: Any, base: float = 2) -> Array:
    """I(p) = log 1/p = −log p: how much one learns when what had probability p happens. Of p = 0 it is infinite.

    `p` is a number, a list or an array of either engine; the result has its shape. Raises ValueError for a p outside
    [0, 1] and for a base that is not above 1. Source: lecture A20.
    """
    (p,) = _probabilities(p=p)
    return _information(p, base)


def entropy(p: Any, base: float = 2) -> Array:
    """H(p) = Σⱼ pⱼ log 1/pⱼ: the mean information of what p describes, where 0 · log 1/0 counts as 0.

    A list or an array of either engine, one distribution along the last axis: shape (…, K) gives shape (…). It lies
    between 0 (the outcome is certain) and log K (all are equally likely). Raises ValueError where p is negative or
    does not add up to 1 and for a base that is not above 1. Source: Shannon (1948); lecture A20.
    """
    (p,) = _distributions(p=p)
    return _mean(p, _information(p, base))


def cross_entropy(p: Any, q: Any, base: float = 2) -> Array:
    """H(p, q) = Σⱼ pⱼ log 1/qⱼ: the mean information for one who believes q where p is true; at least H(p).

    Shapes and errors as for `entropy`; p and q have one shape. Infinite where q = 0 though p > 0. These are
    probabilities: the loss for a network's raw outputs is `SoftmaxCrossEntropy`. Source: lecture A20.
    """
    p, q = _distributions(p=p, q=q)
    return _mean(p, _information(q, base))


def kl_divergence(p: Any, q: Any, base: float = 2) -> Array:
    """KL(p ‖ q) = Σⱼ pⱼ log pⱼ/qⱼ = H(p, q) − H(p): what believing q costs; 0 if q = p, else positive.

    Shapes and errors as for `entropy`; p and q have one shape. Infinite where q = 0 though p > 0; not symmetric.
    Source: Kullback & Leibler (1951); behind lecture A20's "cross-entropy nears entropy".
    """
    p, q = _distributions(p=p, q=q)
    with np.errstate(invalid="ignore"):  # ∞ − ∞ where both are 0, which counts nothing
        return _mean(p, _information(q, base) - _information(p, base))


def _information(p: Array, base: float) -> Array:
    if not isinstance(base, numbers.Real) or isinstance(base, bool) or not 1 < base < math.inf:
        raise ValueError(f"base, that of the logarithm, must be a number above 1 such as 2 or math.e, got {base!r}")
    with np.errstate(divide="ignore"):
        return 0 - engine.namespace(p).log(p) / math.log(base)  # not −log: of p = 1 that would be −0


def _mean(p: Array, values: Array) -> Array:
    """Σ p · value along the last axis; what never happens (p = 0) counts nothing, even where its value is infinite."""
    xp = engine.namespace(p)
    return xp.sum(p * xp.where(p > 0, values, xp.zeros_like(values)), axis=-1)


def _probabilities(**given: Any) -> list[Array]:
    """Arrays checked to be in [0, 1], all on the device and in the dtype of the first that came as one of floats."""
    floats = (v for v in given.values() if engine.is_array(v) and engine.dtype_of(v) in engine.DTYPES)
    like = next(floats, np.zeros(0))
    arrays = {name: engine.as_reals(values, name, like) for name, values in given.items()}
    for name, values in arrays.items():
        if not bool(((values >= 0) & (values <= 1 + TOLERANCE)).all()):
            raise ValueError(
                f"{name}: probabilities must lie in [0, 1], got values from {float(values.min()):.4g} to "
                f"{float(values.max()):.4g}; softmax makes probabilities from any numbers"
            )
    return list(arrays.values())


def _distributions(**given: Any) -> list[Array]:
    """`_probabilities` of one shape, checked to add up to 1 along the last axis."""
    arrays = dict(zip(given, _probabilities(**given), strict=True))
    for name, values in arrays.items():
        if values.ndim == 0 or values.shape[-1] == 0:
            raise ValueError(f"{name}: a distribution needs a last axis with its probabilities, got {values!r}")
        sums = engine.namespace(values).sum(values, axis=-1)
        if not bool((abs(sums - 1) <= TOLERANCE).all()):
            raise ValueError(
                f"{name}: probabilities must add up to 1 along the last axis, their sums go from "
                f"{float(sums.min()):.6g} to {float(sums.max()):.6g}; softmax makes probabilities from any numbers"
            )
    shapes = {name: tuple(values.shape) for name, values in arrays.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(
            f"distributions must have one shape, got {' and '.join(f'{n} {s}' for n, s in shapes.items())}"
        )
    return list(arrays.values())
