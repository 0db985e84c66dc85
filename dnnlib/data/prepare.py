"""From raw data to what a network eats: one-hot, standardize, batches. Lectures A14, A27, A29, A30."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.checks import check_count
from dnnlib.engine import Array


def check_pair(what: str, x: Array, y: Array) -> None:
    """TypeError or ValueError, which names `what` wanted them, unless x and y have one row an example, and some."""
    for name, values in (("x", x), ("y", y)):
        if not engine.is_array(values):
            raise TypeError(f"{what}: {name} must be a NumPy array or torch tensor, got {type(values).__name__}")
    if x.ndim == 0 or y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"{what}: x and y must have one row an example, got shapes {tuple(x.shape)}, {tuple(y.shape)}")
    if len(x) == 0:
        raise ValueError(f"{what}: there are no examples")


def one_hot(labels: Any, num_classes: int) -> np.ndarray:
    """Labels (N,) as rows (N, num_classes), float32: 1 in the label's column, 0 elsewhere.

    Raises TypeError for labels that are not integers, ValueError for a label outside 0 … num_classes − 1.
    Source: lecture A14; torch's `functional.one_hot`.
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu" or labels.ndim != 1:
        raise TypeError(f"one_hot: labels must be integers in one row, got {engine.describe(labels)}")
    if labels.size and (labels.min() < 0 or labels.max() >= num_classes):
        raise ValueError(
            f"one_hot: labels must lie in 0 … {num_classes - 1}, got labels from {labels.min()} to {labels.max()}"
        )
    return np.eye(num_classes, dtype=np.float32)[labels]


class Standardizer:
    """Feature scaling, learnt from the training part alone: x ← (x − m) / s, feature by feature.

    `Standardizer(x_train)` keeps the mean m and the standard deviation s of every feature (dividing by N); calling it
    scales any data by them: training features then have mean 0 and variance 1. A feature that never changes has
    s = 0; it is only shifted, to 0. What is kept, `mean` and `scale`, is never learnt anew: data that are scaled later
    leave no trace in it.

    Data are vectors (N, features), or images (N, channels, height, width): of images a channel is one feature, with
    one m and one s over all its pixels, so that a picture stays a picture. Raises ValueError for other shapes and for
    other features than those learnt. Source: lecture A29.
    """

    def __init__(self, x: np.ndarray) -> None:
        x = np.asarray(x)
        if x.ndim not in (2, 4) or x.size == 0:
            raise ValueError(
                f"Standardizer: expected data of shape (N, features) or (N, channels, height, width), got {x.shape}"
            )
        axes = (0,) if x.ndim == 2 else (0, 2, 3)
        mean = x.mean(axis=axes, dtype=np.float64, keepdims=True)[0]
        deviation = x.std(axis=axes, dtype=np.float64, keepdims=True)[0]
        least, most = x.min(axis=axes, keepdims=True)[0], x.max(axis=axes, keepdims=True)[0]
        constant = least == most  # asked of the values, for rounding gives such a feature a deviation
        self.mean = np.where(constant, least, mean)
        self.scale = np.where(constant | (deviation == 0), 1.0, deviation)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        x = np.asarray(x)
        if x.ndim != self.mean.ndim + 1 or len(x) == 0 or x.shape[1] != len(self.mean):
            image = ", height, width" if self.mean.ndim == 3 else ""
            raise ValueError(f"Standardizer: expected data of shape (N, {len(self.mean)}{image}), got {x.shape}")
        scaled: np.ndarray = (x - self.mean) / self.scale
        return scaled.astype(x.dtype if x.dtype.kind == "f" else np.float32)


def batches(
    x: Array, y: Array, batch_size: int, rng: int | np.random.Generator | None = None
) -> Iterator[tuple[Array, Array]]:
    """One epoch: every example once, in batches of `batch_size`; the last batch holds what is left over.

    With an `rng` (a seed or a generator) the examples are shuffled first; without, they come in order. Pass the same
    generator epoch after epoch, and each is shuffled anew. Works on arrays of either engine, on their device.
    Raises ValueError for a batch size below 1 or x and y of different lengths. Source: lectures A27, A30.
    """
    check_pair("batches", x, y)
    return _batches(x, y, check_batch_size("batches", batch_size), rng)


def check_batch_size(what: str, batch_size: int) -> int:
    """`batch_size` if it is an integer of at least 1, else ValueError that names `what` wanted it."""
    return check_count(f"{what}: batch_size", batch_size)


def _batches(
    x: Array, y: Array, batch_size: int, rng: int | np.random.Generator | None
) -> Iterator[tuple[Array, Array]]:
    starts = range(0, len(x), batch_size)
    if rng is None:
        for start in starts:
            yield x[start : start + batch_size], y[start : start + batch_size]
        return
    order = np.random.default_rng(rng).permutation(len(x))
    order_x, order_y = (
        engine.to_device(order, engine.device_of(x)),
        engine.to_device(order, engine.device_of(y)),
    )
    for start in starts:
        yield x[order_x[start : start + batch_size]], y[order_y[start : start + batch_size]]
