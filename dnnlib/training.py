"""The training loop: `fit` is `batches`, `loss_and_grad` and `step`, with a record of how it went.

Lectures A13, A30, C10, C15.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from dnnlib import engine
from dnnlib.average import Average, Evaluation
from dnnlib.callbacks import Callback, Run
from dnnlib.checks import check_count
from dnnlib.compiled import CompiledStep, check_compile
from dnnlib.data.prepare import batches, check_batch_size
from dnnlib.distributed import Alone, Group, join
from dnnlib.engine import Array
from dnnlib.history import History
from dnnlib.losses import Loss
from dnnlib.optimizers import Optimizer
from dnnlib.penalties import Penalty
from dnnlib.precision import check_precision, matrix_products
from dnnlib.progress import progress_bar, stop_on_interrupt
from dnnlib.schedules import Schedule
from dnnlib.step import Step

if TYPE_CHECKING:
    from dnnlib.model import Sequential


class DivergenceError(RuntimeError):
    """Training was stopped because the loss became NaN or infinite; `history` is that of the epochs before."""

    def __init__(self, message: str, history: History | None = None) -> None:
        super().__init__(message)
        self.history = History() if history is None else history


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
    precision: str | None = None,
    compile: bool = False,
    distributed: bool = False,
    progress: bool = True,
) -> History:
    """Train: in every epoch shuffle, cut into batches, and for each batch `loss_and_grad` and `optimizer.step`.

    It is the network's method: `model.fit(x, y, loss=..., optimizer=...)`. `x` is (examples, features) or
    (examples, channels, height, width); `y` is what the loss takes. `penalty` (`L1`, `L2`) is added to the loss,
    `schedule` multiplies the optimizer's rate. `transform(xb, rng)` changes every batch of training inputs (a NumPy
    array) before it is learned, drawing from `model.rng`: augmentation, anew in each epoch. `callbacks` are told what
    happens (`EarlyStopping`, `Checkpoint` …).

    Three options make it fast on large machines; chapter 16 explains them. `precision` is that of forward and backward:
    the network's dtype unless it is "tf32" (float32, whose matrix products a GPU may round to 10 bits of fraction) or
    "bfloat16"; θ, the loss and the update keep the network's dtype. `compile=True`, on torch, traces the step once and
    compiles it, on a GPU as one CUDA graph: the same results but for rounding. It costs seconds to minutes before the
    first step. `distributed=True` shares every batch among the processes of a job that `torchrun` started:
    `batch_size` counts the whole batch, and the result is that of one process but for rounding (and for BatchNorm,
    which sees its own share). On a GPU the data lie in its memory if they take at most half of what is free; losses
    add up there and are read once an epoch.

    Returns the `History` of losses and accuracies by epoch, with those of `validation_data=(x_val, y_val)` beside
    them. Ctrl-C ends the training after the step under way (of several processes, after the epoch), and the history so
    far is returned; a second Ctrl-C raises KeyboardInterrupt at once. Raises DivergenceError, which holds the history
    so far, as soon as the loss is NaN or infinite (on a GPU, after the epoch), ValueError and TypeError for data or
    options that do not fit, RuntimeError for a step that cannot be compiled, DistributedError for processes that
    cannot train together. Source: lectures A30, B12, C10, E08.
    """
    _check_options(loss, optimizer, batch_size, epochs, validation_data, penalty, schedule, transform, callbacks)
    precision = check_precision(model, precision)
    if compile:
        check_compile(model.device)
    optimizer.check_network(model.theta)
    x, y = prepare(model, x, y, loss, resident=transform is None)
    run = Run(
        model=model,
        x=x,
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
        precision=precision,
        compile=bool(compile),
        group=Alone(),
    )
    if distributed:
        run.group = join(run)
    model.loss = loss
    try:
        with matrix_products(model.device, precision):
            _train(run, progress)
    finally:
        optimizer.lr = run.base_lr
        for _, layer in model.named_layers():
            layer.share = None
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
        step = (CompiledStep if run.compile else Step)(run)
        while run.epoch < run.epochs and not _to_stop(run):
            if _one_epoch(run, step):
                bar.set_postfix({name: f"{value:.4f}" for name, value in run.history.last().items()}, refresh=False)
                bar.update()
        if run.epoch < run.epochs:
            run.history.stopped = run.stop or f"interrupted before epoch {run.epoch + 1}"


def _to_stop(run: Run) -> bool:
    """True if somebody wants the training to end: the same answer in all its processes, whatever comes in meanwhile."""
    run.stop, interrupted = run.group.agree(run.stop, run.interrupted)
    return bool(run.stop or interrupted)


def _one_epoch(run: Run, step: Step) -> bool:
    """Train on every example once, measure, record. False if the training is to stop before the last batch."""
    start = time.perf_counter()
    run.epoch += 1
    for callback in run.callbacks:
        callback.on_epoch_start(run)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging loss is reported in words
        trained = _all_batches(run, step)
        if trained is None:
            run.epoch -= 1
            return False
        run.group.mean_state(run.model)
        checked = _validate(run)
    run.history.add(loss=trained.loss, accuracy=trained.accuracy)
    if checked is not None:
        run.history.add(val_loss=checked.loss, val_accuracy=checked.accuracy)
    run.history.add(lr=run.optimizer.lr, seconds=time.perf_counter() - start)
    run.group.check_same(run.model)
    for callback in run.callbacks:
        callback.on_epoch_end(run)
    return True


def _all_batches(run: Run, step: Step) -> Evaluation | None:
    """The mean loss and accuracy over the batches while θ was learning, or None if it stopped before the last."""
    model, optimizer = run.model, run.optimizer
    alone = run.group.size == 1
    readable = alone and engine.on_host(model.theta)  # on a GPU, looking at every loss would stop the queue
    step.start_epoch(model.rng.permutation(len(run.x)))
    for number, start in enumerate(range(0, len(run.x), run.batch_size), start=1):
        if alone and (run.stop or run.interrupted):
            run.stop = f"{run.stop or 'interrupted'} in epoch {run.epoch}, before step {number}"
            return None
        if run.schedule is not None:
            optimizer.lr = run.base_lr * run.schedule.at(run.epoch - 1, run.step)
        value = step(slice(start, min(start + run.batch_size, len(run.x))))
        if readable and not math.isfinite(value):
            raise _divergence(run, float(value), f"step {number}")
        run.step += 1
    result = step.average.result(run.group)
    if not math.isfinite(result.loss):
        raise _divergence(run, result.loss, f"one of its {number} steps")
    return result


def _validate(run: Run) -> Evaluation | None:
    if run.validation is None:
        return None
    with run.model.mode(training=False):
        checked = measure(run.model, *run.validation, run.loss, run.group)
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


def prepare(model: Sequential, x: Any, y: Any, loss: Loss, resident: bool = True) -> tuple[Array, Array]:
    """x and y from a user, checked, in the model's dtype and on its device.

    x stays with the CPU, as NumPy's, if it is not to be `resident` or does not fit.
    """
    x, y = inputs(model, x, resident), engine.as_array(y, "y")
    if y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"x and y must have one row an example, got x {tuple(x.shape)}, y {tuple(y.shape)}")
    if len(x) == 0:
        raise ValueError(f"there are no examples in x, which has shape {tuple(x.shape)}")
    return x, loss.prepare(y, model.theta, model.output_features)


def inputs(model: Sequential, x: Any, resident: bool = True) -> Array:
    """x from a user, checked, in the model's dtype; on its device if it is to be `resident` and fits, else NumPy's."""
    x = engine.as_array(x, "x")
    like = model.theta if resident and engine.fits(x, model.theta) else np.empty(0, model.dtype)
    x = engine.as_floats(x, "x", like)
    if x.ndim < 2:
        raise ValueError(
            f"x must be of shape (examples, features), got {tuple(x.shape)}; a single example is x.reshape(1, -1)"
        )
    return x


def measure(model: Sequential, x: Array, y: Array, loss: Loss, group: Group, batch_size: int = 100) -> Evaluation:
    """Loss and accuracy of `model` on prepared data, of which each process of the group takes its share."""
    average = Average()
    mine, weight = group.share(len(x)), group.weight(len(x))
    for xb, yb in batches(x[mine], y[mine], batch_size):
        value = loss.forward(model.forward(engine.to_device(xb, model.device, model.dtype)), yb)
        average.add(value, loss.correct(), len(xb) if weight else 0)
    return average.result(group)
