"""The training loop: `fit` is `batches`, `loss_and_grad` and `step`, with a record of how it went.

Lectures A13, A30, C10, C15.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dnnlib import engine
from dnnlib.callbacks import Callback, Run
from dnnlib.checks import check_count
from dnnlib.data.prepare import batches, check_batch_size
from dnnlib.engine import Array
from dnnlib.history import History
from dnnlib.losses import Loss
from dnnlib.optimizers import Optimizer
from dnnlib.penalties import Penalty
from dnnlib.progress import progress_bar, stop_on_interrupt
from dnnlib.schedules import Schedule

if TYPE_CHECKING:
    from dnnlib.model import Sequential


class DivergenceError(RuntimeError):
    """Training was stopped because the loss became NaN or infinite; `history` is that of the epochs before."""

    def __init__(self, message: str, history: History | None = None) -> None:
        super().__init__(message)
        self.history = History() if history is None else history


class Evaluation(NamedTuple):
    """What `evaluate` returns: the mean loss, and the fraction of examples answered right (None for one output)."""

    loss: float
    accuracy: float | None


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
    penalty: Penalty | None = None,
    schedule: Schedule | None = None,
    transform: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    callbacks: Sequence[Callback] = (),
    progress: bool = True,
) -> History:
    """Train: in every epoch shuffle, cut into batches, and for each batch `loss_and_grad` and `optimizer.step`.

    It is the network's method: `model.fit(x, y, loss=..., optimizer=...)`. `x` is (examples, features) or
    (examples, channels, height, width); `y` is what the loss takes. `penalty` (`L1`, `L2`) is added to the loss,
    `schedule` multiplies the optimizer's rate. `transform(xb, rng)` changes every batch of training inputs (a NumPy
    array) before it is learned, drawing from `model.rng`: augmentation, anew in each epoch. `callbacks` are told what
    happens (`EarlyStopping`, `Checkpoint` …).

    Returns the `History` of losses and accuracies by epoch, with those of `validation_data=(x_val, y_val)` beside
    them. Ctrl-C ends the training after the step under way, and the history so far is returned; a second Ctrl-C
    raises KeyboardInterrupt at once. Raises DivergenceError, which holds the history so far, as soon as the loss is
    NaN or infinite, ValueError and TypeError for data or options that do not fit. Source: lectures A30, C10.
    """
    _check_options(loss, optimizer, batch_size, epochs, validation_data, penalty, schedule, transform, callbacks)
    optimizer.check_network(model.theta)
    x, y = prepare(model, x, y, loss)
    run = Run(
        model=model,
        x=x if transform is None else engine.to_numpy(x),
        y=y,
        validation=None if validation_data is None else prepare(model, *validation_data, loss),
        loss=loss,
        optimizer=optimizer,
        batch_size=int(batch_size),
        epochs=int(epochs),
        penalty=penalty,
        schedule=schedule,
        transform=transform,
        callbacks=sorted(callbacks, key=attrgetter("order")),
        base_lr=optimizer.lr,
    )
    model.loss = loss
    try:
        _train(run, progress)
    finally:
        optimizer.lr = run.base_lr
    return run.history


def _train(run: Run, progress: bool) -> None:
    """All epochs that are still to run."""
    with ExitStack() as stack:  # what was begun is ended in reverse order, whatever happens
        stack.enter_context(run.model.mode(training=True))
        stack.enter_context(stop_on_interrupt(run))
        for callback in run.callbacks:
            callback.on_start(run)
            stack.callback(callback.on_end, run)
        bar = stack.enter_context(progress_bar(run, progress))
        while run.epoch < run.epochs and not (run.stop or run.interrupted):
            if _one_epoch(run):
                bar.set_postfix({name: f"{value:.4f}" for name, value in run.history.last().items()}, refresh=False)
                bar.update()
        if run.epoch < run.epochs:
            run.history.stopped = run.stop or f"interrupted before epoch {run.epoch + 1}"


def _one_epoch(run: Run) -> bool:
    """Train on every example once, measure, record. False if the training is to stop before the last batch."""
    start = time.perf_counter()
    run.epoch += 1
    for callback in run.callbacks:
        callback.on_epoch_start(run)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging loss is reported in words
        trained = _all_batches(run)
        if trained is None:
            run.epoch -= 1
            return False
        checked = _validate(run)
    run.history.add(loss=trained.loss, accuracy=trained.accuracy)
    if checked is not None:
        run.history.add(val_loss=checked.loss, val_accuracy=checked.accuracy)
    run.history.add(lr=run.optimizer.lr, seconds=time.perf_counter() - start)
    for callback in run.callbacks:
        callback.on_epoch_end(run)
    return True


def _all_batches(run: Run) -> Evaluation | None:
    """The mean loss and accuracy over the batches while θ was learning, or None if it stopped before the last."""
    model, loss, optimizer = run.model, run.loss, run.optimizer
    average = Average()
    host = engine.on_host(model.theta)
    for step, (xb, yb) in enumerate(batches(run.x, run.y, run.batch_size, model.rng), start=1):
        if run.stop or run.interrupted:
            run.stop = f"{run.stop or 'interrupted'} in epoch {run.epoch}, before step {step}"
            return None
        if run.transform is not None:
            xb = _transformed(run, xb)
        if run.schedule is not None:
            optimizer.lr = run.base_lr * run.schedule.at(run.epoch - 1, run.step)
        value = model.loss_and_grad(xb, yb, loss)
        if host and not math.isfinite(value):  # on a GPU, looking at every loss would stop the queue
            raise _divergence(run, float(value), f"step {step}")
        if run.penalty is not None:
            run.penalty.backward(model)
        for callback in run.callbacks:
            callback.on_gradient(run)
        optimizer.step(model.theta, model.grad)
        run.step += 1
        average.add(value, loss, len(xb))
    result = average.result()
    if not math.isfinite(result.loss):
        raise _divergence(run, result.loss, f"one of its {step} steps")
    return result


def _transformed(run: Run, xb: np.ndarray) -> Array:
    """The batch as `transform` gives it, on the network's device."""
    assert run.transform is not None
    changed = run.transform(xb, run.model.rng)
    if not isinstance(changed, np.ndarray) or len(changed) != len(xb):
        raise ValueError(
            f"fit: transform must give a NumPy array with the {len(xb)} examples of its batch, got "
            f"{engine.describe(changed)}"
        )
    return engine.to_device(changed, run.model.device, run.model.dtype)


def _validate(run: Run) -> Evaluation | None:
    if run.validation is None:
        return None
    with run.model.mode(training=False):
        checked = measure(run.model, *run.validation, run.loss)
    if not math.isfinite(checked.loss):
        raise _divergence(run, checked.loss, "on the validation data")
    return checked


def _divergence(run: Run, value: float, step: str) -> DivergenceError:
    return DivergenceError(
        f"the loss became {value} in epoch {run.epoch}, {step}, with {run.optimizer}: training diverged. A learning "
        f"rate that is too large is the usual reason: try lr={run.optimizer.lr / 10:g}; also check that the inputs are "
        f"scaled",
        run.history,
    )


def _check_options(
    loss: Any,
    optimizer: Any,
    batch_size: Any,
    epochs: Any,
    validation_data: Any,
    penalty: Any,
    schedule: Any,
    transform: Any,
    callbacks: Any,
) -> None:
    def check(name: str, right: bool, expected: str, got: Any) -> None:
        if not right:
            raise TypeError(f"fit: {name} must be {expected}, got {got!r}")

    check_loss("fit", loss)
    check("optimizer", isinstance(optimizer, Optimizer), "an optimizer such as dnnlib.Adam(lr=1e-3)", optimizer)
    check_batch_size("fit", batch_size)
    check_count("fit: epochs", epochs)
    pair = isinstance(validation_data, (tuple, list)) and len(validation_data) == 2
    if validation_data is not None and not pair:
        raise TypeError(f"fit: validation_data must be a pair (x_val, y_val), got {type(validation_data).__name__}")
    check("penalty", isinstance(penalty, Penalty | None), "a penalty such as dnnlib.L2(1e-4)", penalty)
    check("schedule", isinstance(schedule, Schedule | None), "a schedule such as dnnlib.StepLR(10)", schedule)
    check("transform", transform is None or callable(transform), "a function (x, rng) -> x", transform)
    check("callbacks", isinstance(callbacks, (tuple, list)), "a list such as [dnnlib.EarlyStopping()]", callbacks)
    for callback in callbacks:
        check("a callback", isinstance(callback, Callback), "one such as dnnlib.EarlyStopping()", callback)


def check_loss(what: str, loss: object) -> None:
    """TypeError, which names `what` wanted it, if `loss` is not one."""
    if not isinstance(loss, Loss):
        raise TypeError(f"{what}: loss must be a loss such as dnnlib.SoftmaxCrossEntropy(), got {loss!r}")


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


def measure(model: Sequential, x: Array, y: Array, loss: Loss, batch_size: int = 100) -> Evaluation:
    """Loss and accuracy of `model` on prepared data."""
    average = Average()
    for xb, yb in batches(x, y, batch_size):
        average.add(loss.forward(model.forward(xb), yb), loss, len(xb))
    return average.result()
