"""What the network is asked to make small: a loss compares predictions with targets and gives one number.

`loss.forward(prediction, target)` returns it, averaged over the batch; `loss.backward()` returns its derivative with
respect to the predictions. Lectures A19–A21, C05, C07, E05, E11, E12.
"""

from __future__ import annotations

from dnnlib import engine
from dnnlib.engine import Array


def softmax(z: Array) -> Array:
    """softmax(z)ⱼ = e^(zⱼ) / Σₖ e^(zₖ) along the last axis: positive numbers that add up to 1.

    The largest z is subtracted first; that changes nothing (it cancels) and no exponential overflows.
    `z` is a floating-point array of either engine, of any shape; the result has the same shape.
    """
    xp = engine.namespace(z)
    e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


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

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _same_length(loss: Loss, prediction: Array, target: Array) -> None:
    if not engine.is_array(prediction) or type(prediction) is not type(target):
        raise TypeError(
            f"{loss}: predictions and targets must be arrays of one engine, got {engine.describe(prediction)} and "
            f"{engine.describe(target)}"
        )
    if prediction.ndim != 2 or len(prediction) == 0:
        raise ValueError(f"{loss}: predictions must be of shape (batch, outputs), got {engine.describe(prediction)}")
    if len(prediction) != len(target):
        raise ValueError(f"{loss}: {len(prediction)} predictions but {len(target)} targets; x and y must match")


class MeanSquaredError(Loss):
    """L = mean of (ŷ − y)² over all elements, as torch's `MSELoss`.

    Backward: ∂L/∂ŷ = 2 (ŷ − y) / n with n the number of elements. Predictions and targets of shape (batch, outputs).

    Raises ValueError where the shapes differ; class labels must first become vectors (`dnnlib.data.one_hot`).
    Source: lectures A19, A22.
    """

    def forward(self, prediction: Array, target: Array) -> Array:
        _same_length(self, prediction, target)
        if tuple(prediction.shape) != tuple(target.shape):
            raise ValueError(
                f"{self}: predictions have shape {tuple(prediction.shape)}, targets {tuple(target.shape)}; they must "
                f"be equal. Labels become vectors by dnnlib.data.one_hot, a column by y.reshape(-1, 1)"
            )
        xp = engine.namespace(prediction)
        self.prediction, self.target = prediction, xp.astype(target, prediction.dtype, copy=False)
        self.error = self.prediction - self.target
        return xp.mean(self.error * self.error)

    def backward(self) -> Array:
        n = self.error.shape[0] * self.error.shape[1]
        return self.error * (2 / n)

    def prepare(self, target: Array, like: Array, outputs: int | None) -> Array:
        return engine.as_floats(target, "y", like)


class SoftmaxCrossEntropy(Loss):
    """Softmax, then cross-entropy: L = −(1/B) Σ over the batch of Σⱼ yⱼ ln softmax(z)ⱼ, as torch's `CrossEntropyLoss`.

    Takes the network's raw outputs z (logits), of shape (batch, classes), and as targets either integer labels of
    shape (batch,), each in 0 … classes − 1, or rows of probabilities (one-hot or soft) of shape (batch, classes).

    Backward: ∂L/∂z = (softmax(z) − y) / B. Taking the two together is what makes it stable: ln softmax(z) =
    (z − max z) − ln Σ e^(z − max z) never takes the logarithm of zero. In nats.

    Raises ValueError for labels out of range, another shape, or rows that do not add up to 1; TypeError for labels
    that are not integers. Source: lectures A20, A21, E12.
    """

    def forward(self, prediction: Array, target: Array) -> Array:
        _same_length(self, prediction, target)
        if engine.on_host(target):
            self._check(target, prediction.shape[1])
        xp = engine.namespace(prediction)
        shifted = prediction - xp.max(prediction, axis=1, keepdims=True)
        exps = xp.exp(shifted)
        sums = xp.sum(exps, axis=1, keepdims=True)
        self.prediction = prediction
        self.target = xp.astype(target, xp.int64 if target.ndim == 1 else prediction.dtype, copy=False)
        self.probabilities = exps / sums
        log_probabilities = shifted - xp.log(sums)
        if target.ndim == 1:
            picked = log_probabilities[self._rows(), self.target]
        else:
            picked = xp.sum(self.target * log_probabilities, axis=1)
        return -xp.mean(picked)

    def backward(self) -> Array:
        if self.target.ndim == 1:
            grad = self.probabilities * 1
            grad[self._rows(), self.target] -= 1
        else:
            grad = self.probabilities - self.target
        grad /= grad.shape[0]
        return grad

    def prepare(self, target: Array, like: Array, outputs: int | None) -> Array:
        target = engine.as_array(target, "y")
        self._check(target, outputs)
        if target.ndim == 1:
            return engine.to_device(target, engine.device_of(like), "int64")
        return engine.as_floats(target, "y", like)

    def _rows(self) -> Array:
        xp = engine.namespace(self.prediction)
        count = self.prediction.shape[0]
        return xp.arange(count, device=self.prediction.device)

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
            if bool((target < 0).any()) or bool((abs(sums - 1) > 1e-4).any()):
                raise ValueError(
                    f"{self}: each row of targets must be probabilities that add up to 1; "
                    f"row sums go from {float(sums.min()):.4g} to {float(sums.max()):.4g}"
                )


LOSSES: dict[str, type[Loss]] = {loss.__name__: loss for loss in (MeanSquaredError, SoftmaxCrossEntropy)}
