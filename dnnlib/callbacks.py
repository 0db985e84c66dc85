"""What `fit` calls while it trains: each callback is told when something happens, and may look, change or stop.

Lectures A25, A35, B15, C18, C24, E16.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dnnlib import engine
from dnnlib.checks import NOT_NEGATIVE, check_count, check_real
from dnnlib.distributed import Group
from dnnlib.engine import Array
from dnnlib.history import History
from dnnlib.layers import DropConnect, Dropout
from dnnlib.losses import Loss
from dnnlib.optimizers import Optimizer
from dnnlib.penalties import Penalty
from dnnlib.schedules import Schedule

if TYPE_CHECKING:
    from dnnlib.model import Sequential


@dataclass(kw_only=True, repr=False, eq=False)
class Run:
    """A training that is under way: what `fit` was given, and how far it has come."""

    model: Sequential
    x: Array  # the training data, in the model's dtype, on its device if they fit; with a `transform`, x is NumPy's
    y: Array
    validation: tuple[Array, Array] | None
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    epochs: int
    penalty: Penalty | None
    schedule: Schedule | None
    transform: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None
    callbacks: Sequence[Callback]
    base_lr: float  # the optimizer's rate at the start, which a schedule multiplies
    precision: str  # of forward and backward: the network's dtype, "tf32" or "bfloat16"
    compile: bool
    group: Group  # the processes that train together; `run.group.is_first` in the one that writes
    history: History = field(default_factory=History)
    epoch: int = 0  # of the epochs 1 … epochs, the one under way, or last finished
    step: int = 0  # updates since the start
    stop: str = ""  # a callback's reason to stop: training ends with the step or epoch under way
    interrupted: bool = False  # by Ctrl-C: likewise


class Callback:
    """The base of callbacks. A subclass overrides what it wants to be told; `run` is the training that it looks at.

    Callbacks are told in the order of the list, those with a higher `order` after all others. One that carries
    something from epoch to epoch gives it in `state` and takes it back in `load_state`, so that `Checkpoint` can
    resume it; `on_start` comes before, and forgets the last training.
    """

    order: int = 0

    def on_start(self, run: Run) -> None:
        """Before the first epoch."""

    def on_epoch_start(self, run: Run) -> None:
        """Before the first batch of epoch `run.epoch`."""

    def on_gradient(self, run: Run) -> None:
        """`run.model.grad` is ∇L(θ) of a batch, its penalty included; the update comes next."""

    def on_epoch_end(self, run: Run) -> None:
        """The epoch is measured: `run.history` holds its numbers."""

    def on_end(self, run: Run) -> None:
        """After the last epoch, whatever ended the training, an error too; the last callback is told first."""

    def state(self) -> dict[str, Any]:
        """What the callback carries from epoch to epoch, by name: numbers, text and arrays."""
        return {}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take back what `state` gave; arrays are NumPy's."""

    def __repr__(self) -> str:
        names = [name for name in inspect.signature(type(self)).parameters if hasattr(self, name)]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


class EarlyStopping(Callback):
    """Stop when the validation loss has not improved for `patience` epochs, and go back to the best epoch.

    `monitor` is any name of the history. A name that ends in "accuracy" is to rise, every other to fall, and by more
    than `min_delta` to count. Whatever ends the training, the network is left with θ and the running statistics of
    the best epoch, `best_epoch` (0 if none was finished), where `monitor` was `best`. `history.stopped` tells of it.

    Raises ValueError for options that make no sense, before the training where it monitors validation data that
    there are none of, and after the first epoch if the history has no such name.
    Source: Prechelt (1998); Goodfellow, Bengio & Courville (2016), algorithm 7.1; lectures A35, B15, E16.
    """

    order = 1  # after the callbacks that add to the history

    def __init__(self, monitor: str = "val_loss", patience: int = 5, min_delta: float = 0.0) -> None:
        if not isinstance(monitor, str):
            raise ValueError(f"EarlyStopping: monitor must be a name of the history, got {monitor!r}")
        self.monitor = monitor
        self.patience = check_count("EarlyStopping: patience", patience)
        self.min_delta = float(check_real("EarlyStopping: min_delta", min_delta, NOT_NEGATIVE))
        self.rises = monitor.endswith("accuracy")
        self._forget()

    def _forget(self) -> None:
        self.best = -math.inf if self.rises else math.inf
        self.best_epoch = 0
        self.theta: np.ndarray | None = None  # of the best epoch; on a GPU they would take its memory
        self.model_state: np.ndarray | None = None

    def on_start(self, run: Run) -> None:
        self._forget()
        if self.monitor.startswith("val_") and run.validation is None:
            raise ValueError(
                f"{self}: there is no {self.monitor} without validation data; pass validation_data=(x_val, y_val) to "
                f'fit, or watch the training data: EarlyStopping(monitor="{self.monitor.removeprefix("val_")}")'
            )

    def on_epoch_end(self, run: Run) -> None:
        if self.monitor not in run.history:
            raise ValueError(f"{self}: the history has no {self.monitor!r}; it has {', '.join(run.history)}")
        value = run.history[self.monitor][-1]
        better = value > self.best + self.min_delta if self.rises else value < self.best - self.min_delta
        if better or not self.best_epoch:
            self.best, self.best_epoch = value, run.epoch
            self.theta = engine.to_numpy(run.model.theta).copy()
            self.model_state = engine.to_numpy(run.model.state).copy()
        elif run.epoch - self.best_epoch >= self.patience:
            run.stop = (
                f"early stopping after epoch {run.epoch}: {self.monitor} has not {'risen' if self.rises else 'fallen'} "
                f"for {self.patience} epoch{'' if self.patience == 1 else 's'}; θ is that of epoch {self.best_epoch}, "
                f"where it was {self.best:.4g}"
            )

    def on_end(self, run: Run) -> None:
        if self.theta is not None:
            run.model.theta[...] = engine.to_device(self.theta, run.model.device)
            run.model.state[...] = engine.to_device(self.model_state, run.model.device)

    def state(self) -> dict[str, Any]:
        own = {"best": self.best, "best_epoch": self.best_epoch}
        return own if self.theta is None else own | {"theta": self.theta, "model_state": self.model_state}

    def load_state(self, state: dict[str, Any]) -> None:
        self.best, self.best_epoch = state["best"], state["best_epoch"]
        self.theta, self.model_state = state.get("theta"), state.get("model_state")


class GradientNorms(Callback):
    """Record how large the gradient of every parameter is: ‖∂L/∂W‖, the mean over the steps of each epoch.

    In the history under "grad_norm/0.weight", "grad_norm/0.bias" …, the names of `model.named_parameters()`. Norms
    that shrink from the last layer to the first are vanishing gradients. Penalties are included; what callbacks
    before it in the list have done, such as clipping, too. On a GPU the means are read once an epoch.
    Source: lectures A34, D02.
    """

    def on_start(self, run: Run) -> None:
        self.gradients = {
            f"grad_norm/{position}.{name}": getattr(layer, f"grad_{name}").reshape(-1)
            for position, layer in run.model.named_layers()
            for name in layer.shapes()
        }

    def on_epoch_start(self, run: Run) -> None:
        self.total: Array = 0.0
        self.steps = 0

    def on_gradient(self, run: Run) -> None:
        if self.gradients:
            xp = engine.namespace(run.model.grad)
            self.total = self.total + xp.sqrt(xp.stack([g @ g for g in self.gradients.values()]))
            self.steps += 1

    def on_epoch_end(self, run: Run) -> None:
        if self.gradients:
            means = (engine.to_numpy(self.total) / self.steps).tolist()
            run.history.add(**dict(zip(self.gradients, means, strict=True)))


class AnnealedDropout(Callback):
    """Dropout that fades: in epoch t, every `Dropout` and `DropConnect` layer leaves out with p = p₀ · schedule(t − 1).

    p₀ is the layer's own p before the training; afterwards it has that p again, so that another `fit` starts as this
    one did. Outputs in testing do not depend on p; those of `Dropout(inverted=False)` do, which is refused. Rennie et
    al. let p fall to 0 in N epochs: `AnnealedDropout(LinearLR(1.0, 0.0, total_iters=N))`.

    Raises TypeError for what is not a schedule, ValueError for a network without such layers, and for a schedule that
    leaves [0, 1]. Source: Rennie, Goel & Thomas (2014); lecture C24.
    """

    def __init__(self, schedule: Schedule) -> None:
        if not isinstance(schedule, Schedule):
            raise TypeError(f"AnnealedDropout: expected a schedule such as dnnlib.LinearLR(1.0, 0.0), got {schedule!r}")
        self.schedule = schedule

    def on_start(self, run: Run) -> None:
        layers = [layer for _, layer in run.model.named_layers() if isinstance(layer, (Dropout, DropConnect))]
        if not layers:
            raise ValueError("AnnealedDropout: this network has no Dropout and no DropConnect layer whose p could fade")
        for layer in layers:
            if isinstance(layer, Dropout) and not layer.inverted:
                raise ValueError(f"AnnealedDropout: {layer} computes with p in testing too; give it inverted=True")
        self.starts: list[tuple[Any, float]] = [(layer, layer.p) for layer in layers]

    def on_epoch_start(self, run: Run) -> None:
        factor = self.schedule.at(run.epoch - 1, run.step)
        if not 0 <= factor <= 1:
            raise ValueError(f"AnnealedDropout: in epoch {run.epoch} {self.schedule!r} gives {factor}, not in [0, 1]")
        for layer, p in self.starts:
            layer.p = p * factor

    def on_end(self, run: Run) -> None:
        for layer, p in self.starts:
            layer.p = p
