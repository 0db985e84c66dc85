"""The training loop: `fit` is `batches`, `loss_and_grad` and `step`, with a record of how it went.

Lectures A13, A30, C10, C15.
"""

from __future__ import annotations

import math
import os
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dnnlib import engine
from dnnlib.data.prepare import batches, check_batch_size
from dnnlib.engine import Array
from dnnlib.losses import Loss
from dnnlib.optimizers import Optimizer

if TYPE_CHECKING:
    from dnnlib.model import Sequential


class DivergenceError(RuntimeError):
    """Training was stopped because the loss became NaN or infinite."""


class Evaluation(NamedTuple):
    """What `evaluate` returns: the mean loss, and the fraction of examples answered right (None for one output)."""

    loss: float
    accuracy: float | None


class History(dict[str, list[float]]):
    """How a training went: a list with one number an epoch for each of

    `loss` and `accuracy`, measured batch by batch while the network was learning, `val_loss` and `val_accuracy`,
    measured on the validation data after the epoch, and `seconds`. Lists without meaning (no validation data, a
    single output) are left out.
    """

    @property
    def epochs(self) -> int:
        """How many epochs were run."""
        return len(self["loss"]) if "loss" in self else 0

    def add(self, **measured: float | None) -> None:
        """Append one epoch's numbers; None is left out."""
        for name, value in measured.items():
            if value is not None:
                self.setdefault(name, []).append(value)

    def __repr__(self) -> str:
        last = {name: values[-1] for name, values in self.items() if name != "seconds"}
        return f"History({self.epochs} epochs{''.join(f', {name} {value:.4f}' for name, value in last.items())})"


class Average:
    """The running mean of a loss and an accuracy over batches of different sizes."""

    def __init__(self) -> None:
        self.loss: Array = 0.0
        self.correct: Array | None = 0
        self.examples = 0

    def add(self, value: Array, loss: Loss, examples: int) -> None:
        """Count one batch in: its loss, and how many of its answers were right."""
        correct = loss.correct()
        self.loss = self.loss + value * examples
        self.correct = None if correct is None or self.correct is None else self.correct + correct
        self.examples += examples

    def result(self) -> Evaluation:
        """The means so far."""
        accuracy = None if self.correct is None else int(self.correct) / self.examples
        return Evaluation(float(self.loss) / self.examples, accuracy)


def fit(
    model: Sequential,
    x: Any,
    y: Any,
    *,
    loss: Loss,
    optimizer: Optimizer,
    batch_size: int = 32,
    epochs: int = 1,
    validation_data: tuple[Any, Any] | None = None,
    progress: bool = True,
) -> History:
    """Train: in every epoch shuffle, cut into batches, and for each batch `loss_and_grad` and `optimizer.step`.

    It is the network's method: `model.fit(x, y, loss=..., optimizer=...)`. `x` is (examples, features); `y` is what the
    loss takes. Returns the `History` of losses and accuracies by epoch, with those of `validation_data=(x_val, y_val)`
    beside them. Raises DivergenceError as soon as the loss is NaN or infinite, ValueError and TypeError for data or
    options that do not fit. Source: lectures A30, C10.
    """
    _check_options(loss, optimizer, batch_size, epochs, validation_data)
    x, y = prepare(model, x, y, loss)
    validation = None if validation_data is None else prepare(model, *validation_data, loss)
    model.loss = loss
    history = History()
    bar = _progress_bar(epochs, progress)
    try:
        for epoch in range(1, epochs + 1):
            start = time.perf_counter()
            with np.errstate(over="ignore", invalid="ignore"):  # a diverging loss is reported in words
                trained = _one_epoch(model, x, y, loss, optimizer, batch_size, epoch)
                checked = None if validation is None else measure(model, *validation, loss)
            if checked and not math.isfinite(checked.loss):
                raise _divergence(checked.loss, epoch, "on the validation data", optimizer)
            history.add(loss=trained.loss, accuracy=trained.accuracy)
            if checked:
                history.add(val_loss=checked.loss, val_accuracy=checked.accuracy)
            history.add(seconds=time.perf_counter() - start)
            bar.set_postfix({k: f"{v[-1]:.4f}" for k, v in history.items() if k != "seconds"}, refresh=False)
            bar.update()
    finally:
        bar.close()
    return history


def _check_options(loss: Any, optimizer: Any, batch_size: Any, epochs: Any, validation_data: Any) -> None:
    check_loss("fit", loss)
    check_batch_size("fit", batch_size)
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"fit: optimizer must be an optimizer such as dnnlib.Adam(lr=1e-3), got {optimizer!r}")
    if not isinstance(epochs, (int, np.integer)) or epochs < 1:
        raise ValueError(f"fit: epochs must be an integer of at least 1, got {epochs!r}")
    pair = isinstance(validation_data, (tuple, list)) and len(validation_data) == 2
    if validation_data is not None and not pair:
        raise TypeError(f"fit: validation_data must be a pair (x_val, y_val), got {type(validation_data).__name__}")


def check_loss(what: str, loss: object) -> None:
    """TypeError, which names `what` wanted it, if `loss` is not one."""
    if not isinstance(loss, Loss):
        raise TypeError(f"{what}: loss must be a loss such as dnnlib.SoftmaxCrossEntropy(), got {loss!r}")


def _one_epoch(
    model: Sequential, x: Array, y: Array, loss: Loss, optimizer: Optimizer, batch_size: int, epoch: int
) -> Evaluation:
    average = Average()
    host = engine.on_host(model.theta)
    for step, (xb, yb) in enumerate(batches(x, y, batch_size, model.rng), start=1):
        value = model.loss_and_grad(xb, yb, loss)
        if host and not math.isfinite(value):  # on a GPU, looking at every loss would stop the queue
            raise _divergence(float(value), epoch, f"step {step}", optimizer)
        optimizer.step(model.theta, model.grad)
        average.add(value, loss, len(xb))
    result = average.result()
    if not math.isfinite(result.loss):
        raise _divergence(result.loss, epoch, f"one of its {step} steps", optimizer)
    return result


def _divergence(value: float, epoch: int, step: str, optimizer: Optimizer) -> DivergenceError:
    return DivergenceError(
        f"the loss became {value} in epoch {epoch}, {step}, with {optimizer}: training diverged. A learning rate that "
        f"is too large is the usual reason: try lr={optimizer.lr / 10:g}; also check that the inputs are scaled"
    )


def prepare(model: Sequential, x: Any, y: Any, loss: Loss) -> tuple[Array, Array]:
    """x and y from a user, checked and moved to the model's device and dtype."""
    x, y = inputs(model, x), engine.as_array(y, "y")
    if y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"x and y must have one row an example, got x {tuple(x.shape)}, y {tuple(y.shape)}")
    if len(x) == 0:
        raise ValueError(f"there are no examples in x, which has shape {tuple(x.shape)}")
    return x, loss.prepare(y, model.theta, model.output_features)


def inputs(model: Sequential, x: Any) -> Array:
    """x from a user, checked and moved to the model's device and dtype."""
    x = engine.as_floats(x, "x", model.theta)
    if x.ndim < 2:
        raise ValueError(
            f"x must be of shape (examples, features), got {tuple(x.shape)}; a single example is x.reshape(1, -1)"
        )
    return x


def measure(model: Sequential, x: Array, y: Array, loss: Loss, batch_size: int = 1000) -> Evaluation:
    """Loss and accuracy of `model` on prepared data."""
    average = Average()
    for xb, yb in batches(x, y, batch_size):
        average.add(loss.forward(model.forward(xb), yb), loss, len(xb))
    return average.result()


def _progress_bar(epochs: int, show: bool) -> Any:
    """tqdm's bar: in a live notebook or a terminal; silent elsewhere, and where the variable TQDM_DISABLE is set."""
    from tqdm.auto import tqdm

    silent = True if not show or os.environ.get("TQDM_DISABLE") else None  # None: silent unless in a terminal
    return tqdm(total=epochs, unit="epoch", disable=False if silent is None and _in_kernel() else silent)


def _in_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and type(ipython.get_ipython()).__name__ == "ZMQInteractiveShell"
