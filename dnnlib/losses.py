"""What the network is asked to make small: a loss compares predictions with targets and gives one number.

`loss.forward(prediction, target)` returns it, averaged over the batch; `loss.backward()` returns its derivative with
respect to the predictions. Lectures A19–A21, C05, C07, E05, E11, E12.
"""

from __future__ import annotations

import inspect
import math
from typing import Any

from dnnlib import engine
from dnnlib.checks import PROBABILITY, check_real
from dnnlib.engine import Array


class Loss:
    """The base of all losses. `forward` keeps `prediction` and `target` for `backward` and `correct`."""

    prediction: Array
    target: Array

    def forward(self, prediction: Array, target: Array) -> Array:
        """The loss, one number (a 0-d array of the predictions' engine)."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward")

    def backward(self) -> Array:
        """∂L/∂prediction for the last `forward`, in the predictions' shape."""
        raise NotImplementedError(f"{type(self).__name__} does not define backward")

    def prepare(self, target: Array, like: Array, outputs: int | None) -> Array:
        """Targets from a user, checked once for a whole data set and moved to the device of `like`.

        `outputs` is how many outputs the network has, None where that is not known before it runs.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define prepare")

    def correct(self) -> Array | None:
        """How many examples of the last batch have their largest prediction where the target is largest.

        None where that says nothing: with a single output there is no largest one.
        """
        if self.prediction.ndim != 2 or self.prediction.shape[1] < 2:
            return None
        xp = engine.namespace(self.prediction)
        labels = self.target if self.target.ndim == 1 else xp.argmax(self.target, axis=1)
        return xp.sum(xp.argmax(self.prediction, axis=1) == labels)

    def options(self) -> dict[str, Any]:
        """The constructor's arguments that give this loss again, as JSON can hold them."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.options().items())})"


def _same_length(loss: Loss, prediction: Array, target: Array) -> None:
    if not engine.is_array(prediction) or type(prediction) is not type(target):
        raise TypeError(
            f"{loss}: predictions and targets must be arrays of one engine, got {engine.describe(prediction)} and "
            f"{engine.describe(target)}"
        )
    if prediction.ndim < 2 or len(prediction) == 0:
        raise ValueError(f"{loss}: predictions must be of shape (batch, outputs), got {engine.describe(prediction)}")
    if len(prediction) != len(target):
        raise ValueError(f"{loss}: {len(prediction)} predictions but {len(target)} targets; x and y must match")


def _error(loss: Loss, prediction: Array, target: Array) -> Array:
    """prediction − target, kept by `loss`: what the losses for numbers are made of."""
    _same_length(loss, prediction, target)
    _same_shape(loss, tuple(prediction.shape), target)
    loss.prediction = prediction
    loss.target = engine.namespace(prediction).astype(target, prediction.dtype, copy=False)
    return prediction - loss.target


def _same_shape(loss: Loss, shape: tuple[int, ...], target: Array) -> None:
    if shape != tuple(target.shape):
        raise ValueError(
            f"{loss}: predictions have shape {shape}, targets {tuple(target.shape)}; they must be equal. Labels become "
            f"vectors by dnnlib.data.one_hot, a column by y.reshape(-1, 1)"
        )


def _numbers(loss: Loss, target: Array, like: Array, outputs: int | None) -> Array:
    """`prepare` of the losses for numbers."""
    target = engine.as_floats(target, "y", like)
    if outputs is not None:
        _same_shape(loss, (target.shape[0], outputs), target)
    return target


class MeanSquaredError(Loss):
    """L = mean of (ŷ − y)² over all elements, as torch's `MSELoss`.

    Backward: ∂L/∂ŷ = 2 (ŷ − y) / n with n the number of elements. Predictions and targets have one shape, such as
    (batch, outputs).

    Raises ValueError where the shapes differ; class labels must first become vectors (`dnnlib.data.one_hot`).
    Source: lectures A19, A22.
    """

    def forward(self, prediction: Array, target: Array) -> Array:
        self.error = _error(self, prediction, target)
        return engine.namespace(prediction).mean(self.error * self.error)

    def backward(self) -> Array:
        return self.error * (2 / math.prod(self.error.shape))

    def prepare(self, target: Array, like: Array, outputs: int | None) -> Array:
        return _numbers(self, target, like, outputs)


class QuadraticCost(Loss):
    """L = 1/(2n) Σ over the batch of ‖ŷ − y‖², with n the number of examples.

    Backward: ∂L/∂ŷ = (ŷ − y) / n. With m outputs it is m/2 times the `MeanSquaredError`: the same minimum. Shapes and
    errors as there. Source: lecture E05.
    """

    def forward(self, prediction: Array, target: Array) -> Array:
        self.error = _error(self, prediction, target)
        return engine.namespace(prediction).sum(self.error * self.error) / (2 * len(self.error))

    def backward(self) -> Array:
        return self.error / len(self.error)

    def prepare(self, target: Array, like: Array, outputs: int | None) -> Array:
        return _numbers(self, target, like, outputs)


class BinaryCrossEntropy(Loss):
    """Sigmoid, then cross-entropy: L = −mean of y ln σ(z) + (1 − y) ln(1 − σ(z)), as torch's `BCEWithLogitsLoss`.

    Takes the network's raw outputs z (logits), of shape (batch, outputs), and targets in [0, 1] of the same shape;
    for a single output also of shape (batch,), such as labels 0 and 1, or False and True. The mean is over all
    elements. σ(z) > 1/2 just where z > 0: that is when a single output answers 1.

    Backward: ∂L/∂z = (σ(z) − y) / n with n the number of elements. Taking the two together is what makes it stable:
    as −ln(1 − σ(z)) = ln(1 + e^z) = max(0, z) + ln(1 + e^(−|z|)), and −ln σ(z) is that minus z, nothing overflows
    and no logarithm of zero is taken. In nats.

    Raises ValueError where the shapes differ or a target lies outside [0, 1]. Source: lectures A20, E11.
    """

    def forward(self, prediction: Array, target: Array) -> Array:
        _same_length(self, prediction, target)
        target = self._shaped(target, tuple(prediction.shape))
        xp = engine.namespace(prediction)
        self.prediction, self.target = prediction, xp.astype(target, prediction.dtype, copy=False)
        if engine.on_host(target):
            self._check(self.target)
        self.log_rest = xp.log1p(xp.exp(-xp.abs(prediction)))
        return xp.mean(prediction.clip(min=0) - prediction * self.target + self.log_rest)

    def backward(self) -> Array:
        z, xp = self.prediction, engine.namespace(self.prediction)
        sigmoid = xp.exp(z.clip(max=0) - self.log_rest)  # e^z / (1 + e^z)
        return (sigmoid - self.target) / math.prod(z.shape)

    def correct(self) -> Array | None:
        """How many examples of the last batch are answered right.

        With a single output: where the logit is positive and the target above 1/2, or neither. With several: where
        the largest logit is that of the largest target.
        """
        if self.prediction.ndim != 2 or self.prediction.shape[1] > 1:
            return super().correct()
        return engine.namespace(self.prediction).sum((self.prediction > 0) == (self.target > 0.5))

    def prepare(self, target: Array, like: Array, outputs: int | None) -> Array:
        target = engine.as_floats(target, "y", like)
        if outputs is not None:
            target = self._shaped(target, (target.shape[0], outputs))
        if target.shape[0]:
            self._check(target)
        return target

    def _shaped(self, target: Array, shape: tuple[int, ...]) -> Array:
        """The targets in the shape of the predictions."""
        if target.ndim == 1 and shape == (target.shape[0], 1):
            return target.reshape(shape)
        if shape != tuple(target.shape):
            raise ValueError(
                f"{self}: predictions have shape {shape}, targets {tuple(target.shape)}; they must be equal, or the "
                f"targets (batch,) for a single output. For one class out of several take SoftmaxCrossEntropy()"
            )
        return target

    def _check(self, target: Array) -> None:
        low, high = float(target.min()), float(target.max())
        if not (low >= 0 and high <= 1):
            raise ValueError(f"{self}: targets must lie in [0, 1], got values from {low:.4g} to {high:.4g}")


class SoftmaxCrossEntropy(Loss):
    """Softmax, then cross-entropy: L = −(1/B) Σ over the batch of Σⱼ yⱼ ln softmax(z)ⱼ, as torch's `CrossEntropyLoss`.

    Takes the network's raw outputs z (logits), of shape (batch, classes), and as targets either integer labels of
    shape (batch,), each in 0 … classes − 1, or rows of probabilities (one-hot or soft) of shape (batch, classes).
    A label k stands for the row that is 1 at k and 0 elsewhere. With `label_smoothing` = ε, each row y becomes
    (1 − ε) y + ε / classes: the network is not asked to be quite sure.

    Backward: ∂L/∂z = (softmax(z) − y) / B. Taking the two together is what makes it stable: ln softmax(z) =
    (z − max z) − ln Σ e^(z − max z) never takes the logarithm of zero. In nats.

    Raises ValueError for labels out of range, another shape, rows that do not add up to 1, or an ε outside [0, 1];
    TypeError for labels that are not integers. Source: lectures A20, A21, E12; smoothing: Szegedy et al. (2016).
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        self.label_smoothing = float(check_real("SoftmaxCrossEntropy: label_smoothing", label_smoothing, PROBABILITY))

    def forward(self, prediction: Array, target: Array) -> Array:
        _same_length(self, prediction, target)
        if prediction.ndim != 2:
            raise ValueError(
                f"{self}: predictions must be of shape (batch, classes), got {engine.describe(prediction)}"
            )
        if engine.on_host(target):
            self._check(target, prediction.shape[1])
        xp = engine.namespace(prediction)
        self.prediction, self.target = prediction, target
        self.y = self._rows(target, prediction)  # the target as rows of probabilities
        shifted = prediction - xp.max(prediction, axis=1, keepdims=True)
        exps = xp.exp(shifted)
        sums = xp.sum(exps, axis=1, keepdims=True)
        self.probabilities = exps / sums
        log_probabilities = shifted - xp.log(sums)
        return -xp.sum(self.y * log_probabilities) / len(self.y)

    def backward(self) -> Array:
        return (self.probabilities - self.y) / len(self.y)

    def prepare(self, target: Array, like: Array, outputs: int | None) -> Array:
        target = engine.as_array(target, "y")
        if target.ndim != 1:
            target = engine.as_floats(target, "y", like)
        self._check(target, outputs)
        return engine.to_device(target, engine.device_of(like), "int64") if target.ndim == 1 else target

    def options(self) -> dict[str, Any]:
        return {"label_smoothing": self.label_smoothing} if self.label_smoothing else {}

    def _rows(self, target: Array, like: Array) -> Array:
        """The targets as rows of probabilities in the dtype of `like`, smoothed."""
        xp = engine.namespace(like)
        classes = like.shape[1]
        if target.ndim == 1:
            target = target[:, None] == xp.arange(classes, device=like.device)
        rows = xp.astype(target, like.dtype, copy=False)
        if self.label_smoothing:
            rows = (1 - self.label_smoothing) * rows + self.label_smoothing / classes
        return rows

    def _check(self, target: Array, classes: int | None) -> None:
        if target.ndim == 1 and not engine.is_integer(target):
            raise TypeError(f"{self}: labels must be integers, got dtype {engine.dtype_of(target)}; y.astype(int)?")
        if classes is None or len(target) == 0:
            return
        if target.ndim == 1:
            low, high = int(target.min()), int(target.max())
            if low < 0 or high >= classes:
                raise ValueError(
                    f"{self}: the network has {classes} outputs, so labels must lie in 0 … {classes - 1}, "
                    f"got labels from {low} to {high}"
                )
        elif target.ndim != 2 or target.shape[1] != classes:
            raise ValueError(
                f"{self}: targets must be labels of shape (batch,) or rows of shape (batch, {classes}), "
                f"got shape {tuple(target.shape)}; a column of labels becomes labels by y.reshape(-1)"
            )
        else:
            xp = engine.namespace(target)
            sums = xp.sum(target, axis=1)
            if bool((target < 0).any()) or not bool((abs(sums - 1) <= 1e-4).all()):  # NaN is neither
                raise ValueError(
                    f"{self}: each row of targets must be probabilities that add up to 1; "
                    f"row sums go from {float(sums.min()):.4g} to {float(sums.max()):.4g}"
                )


LOSSES: dict[str, type[Loss]] = {
    loss.__name__: loss for loss in (MeanSquaredError, QuadraticCost, BinaryCrossEntropy, SoftmaxCrossEntropy)
}
