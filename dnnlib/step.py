"""One step of a training: a batch, its loss and gradient, the update. Lectures A30, B12, C10, C15."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dnnlib import engine, precision
from dnnlib.average import Average
from dnnlib.engine import Array
from dnnlib.layers.base import Layer

if TYPE_CHECKING:
    from dnnlib.callbacks import Run


class Step:
    """A step as the equations are written. One object serves a whole training.

    `start_epoch(order)` takes the order in which the examples come; then `step(rows)` learns the batch of those rows of
    the order, and returns its loss. `average` adds up losses and right answers.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.average = Average()
        self.low = precision.LowTheta(run.model) if run.precision == "bfloat16" else None
        self.drawing = [layer for _, layer in run.model.named_layers() if type(layer).draw is not Layer.draw]

    def start_epoch(self, order: np.ndarray) -> None:
        """A new epoch, in which the examples come in this order."""
        self.average = Average()
        self.order_x, self.order_y = (
            engine.to_device(order, engine.device_of(data)) for data in (self.run.x, self.run.y)
        )

    def __call__(self, rows: slice) -> Array:
        """Learn this process's share of a batch: the loss of the share, before the update."""
        run = self.run
        mine, weight = self.share(rows)
        xb, yb = self.batch(rows, mine)
        value = self.loss_and_grad(xb, yb)
        self.average.add(value, run.loss.correct(), len(xb) if weight else 0)
        self.look(weight)
        run.optimizer.step(run.model.theta, run.model.grad)
        return value

    def share(self, rows: slice) -> tuple[slice, float]:
        """Which rows of a batch this process learns, and their weight; the layers that draw are told of them."""
        group, examples = self.run.group, rows.stop - rows.start
        mine = group.share(examples)
        for layer in self.drawing:
            layer.share = (mine, examples)
        return mine, group.weight(examples)

    def batch(self, rows: slice, mine: slice) -> tuple[Array, Array]:
        """Inputs and targets of the share, on the network's device."""
        run = self.run
        y = run.y[self.order_y[rows][mine]]
        if run.transform is None:
            x = run.x[self.order_x[rows][mine]]
        else:
            x = self._transformed(run.x[self.order_x[rows]])[mine]
        return engine.to_device(x, run.model.device, run.model.dtype), y

    def loss_and_grad(self, xb: Array, yb: Array) -> Array:
        """L(θ) of the batch, and `model.grad` filled."""
        run = self.run
        return (self.low or run.model).loss_and_grad(xb, yb, run.loss)

    def look(self, weight: float) -> None:
        """What lies between gradient and update: the other processes' shares, the penalty, the callbacks."""
        run = self.run
        run.group.average_gradient(run.model, weight)
        if run.penalty is not None:
            run.penalty.backward(run.model)
        for callback in run.callbacks:
            callback.on_gradient(run)

    def _transformed(self, xb: np.ndarray) -> np.ndarray:
        """The batch as `transform` gives it."""
        run = self.run
        assert run.transform is not None
        changed = run.transform(xb, run.model.rng)
        if not isinstance(changed, np.ndarray) or len(changed) != len(xb):
            raise ValueError(
                f"fit: transform must give a NumPy array with the {len(xb)} examples of its batch, got "
                f"{engine.describe(changed)}"
            )
        return changed
