"""From raw data to what a network eats: split, one-hot, standardize, batches. Lectures A14, A15, A27, A29, A30."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array


def _check_pair(what: str, x: Array, y: Array) -> None:
    for name, values in (("x", x), ("y", y)):
        if not engine.is_array(values):
            raise TypeError(f"{what}: {name} must be a NumPy array or torch tensor, got {type(values).__name__}")
    if x.ndim == 0 or y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"{what}: x and y must have one row an example, got shapes {tuple(x.shape)}, {tuple(y.shape)}")
    if len(x) == 0:
        raise ValueError(f"{what}: there are no examples")


def random_split(
    x: np.ndarray, y: np.ndarray, lengths: Sequence[float], rng: int | np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shuffle the examples and deal them into parts: `(x_train, y_train), (x_test, y_test) = random_split(...)`.

    `lengths` are either counts or fractions that add up to all examples or to 1, as in torch's `random_split`;
    with fractions, the last part takes what rounding leaves over. The same `rng` (a seed or a generator) gives the
    same parts. No example is lost or in two parts. Raises ValueError for lengths that do not add up or an empty part.
    Source: lectures A14, A15.
    """
    _check_pair("random_split", x, y)
    if not isinstance(lengths, (Sequence, np.ndarray)) or isinstance(lengths, str):
        raise TypeError(f"random_split: lengths must be a list such as [0.8, 0.2] or [1400, 397], got {lengths!r}")
    total = len(x)
    if all(isinstance(n, (int, np.integer)) for n in lengths):
        counts = [int(n) for n in lengths]
    else:
        if abs(sum(lengths) - 1) > 1e-9:
            raise ValueError(f"random_split: fractions must add up to 1, got {list(lengths)} = {sum(lengths):g}")
        counts = [round(total * fraction) for fraction in lengths[:-1]]
        counts.append(total - sum(counts))
    if sum(counts) != total or min(counts) < 1:
        raise ValueError(f"random_split: {total} examples cannot be dealt into parts of {counts}")
    order = np.random.default_rng(rng).permutation(total)
    return [(x[part], y[part]) for part in np.split(order, np.cumsum(counts)[:-1])]


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
    s = 0; it is only shifted, to 0. Raises ValueError for other shapes than (N, features) and for other features.
    Source: lecture A29.
    """

    def __init__(self, x: np.ndarray) -> None:
        x = self._check(x, None)
        deviation = x.std(axis=0, dtype=np.float64)
        constant = (x == x[0]).all(axis=0)  # asked of the values, for rounding gives such a feature a deviation
        self.mean = np.where(constant, x[0], x.mean(axis=0, dtype=np.float64))
        self.scale = np.where(constant | (deviation == 0), 1.0, deviation)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        x = self._check(x, len(self.mean))
        scaled: np.ndarray = (x - self.mean) / self.scale
        return scaled.astype(x.dtype if x.dtype.kind == "f" else np.float32)

    @staticmethod
    def _check(x: np.ndarray, features: int | None) -> np.ndarray:
        x = np.asarray(x)
        if x.ndim != 2 or len(x) == 0 or (features is not None and x.shape[1] != features):
            expected = f"(N, {'features' if features is None else features})"
            raise ValueError(f"Standardizer: expected data of shape {expected}, got {x.shape}")
        return x


def batches(
    x: Array, y: Array, batch_size: int, rng: int | np.random.Generator | None = None
) -> Iterator[tuple[Array, Array]]:
    """One epoch: every example once, in batches of `batch_size`; the last batch holds what is left over.

    With an `rng` (a seed or a generator) the examples are shuffled first; without, they come in order. Pass the same
    generator epoch after epoch, and each is shuffled anew. Works on arrays of either engine, on their device.
    Raises ValueError for a batch size below 1 or x and y of different lengths. Source: lectures A27, A30.
    """
    _check_pair("batches", x, y)
    return _batches(x, y, check_batch_size("batches", batch_size), rng)


def check_batch_size(what: str, batch_size: int) -> int:
    """`batch_size` if it is an integer of at least 1, else ValueError that names `what` wanted it."""
    if not isinstance(batch_size, (int, np.integer)) or isinstance(batch_size, bool) or batch_size < 1:
        raise ValueError(f"{what}: batch_size must be an integer of at least 1, got {batch_size!r}")
    return int(batch_size)


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
