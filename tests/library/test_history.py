"""A History says truthfully how a training went, also one that ended early, and survives copying."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from catalogue import numbers

import dnnlib as dnn


def digits_fit(n: int = 400, **options: Any) -> dnn.History:
    x, y = (part[:n] for part in dnn.data.digits())
    model = dnn.Sequential(dnn.Dense(64, 30), dnn.ReLU(), dnn.Dense(30, 10), seed=0)
    options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(lr=1e-2), "batch_size": 100} | options
    return model.fit(x, y, **options)


def test_history() -> None:
    x, y = dnn.data.digits()
    with_validation = digits_fit(epochs=3, validation_data=(x[-90:], y[-90:]))
    assert list(with_validation) == ["loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds"]
    assert {len(values) for values in with_validation.values()} == {3}
    assert with_validation.epochs == 3
    assert all(type(value) is float for values in with_validation.values() for value in values)
    assert all(0 < value < 10 for value in with_validation["seconds"])
    assert with_validation.stopped == ""
    without = digits_fit(epochs=1)
    assert list(without) == ["loss", "accuracy", "lr", "seconds"]
    assert without["loss"] == with_validation["loss"][:1], "validation does not touch the training"


def test_repr_shows_losses_and_accuracies() -> None:
    history = dnn.History(loss=[2.0, 1.25], accuracy=[0.5, 0.75], lr=[0.1, 0.1], seconds=[3.0, 4.0])
    history.add(**{"grad_norm/0.weight": 0.3})
    assert repr(history) == "History(2 epochs, loss 1.2500, accuracy 0.7500)"
    history.stopped = "interrupted before epoch 3"
    assert repr(history) == "History(2 epochs, loss 1.2500, accuracy 0.7500; interrupted before epoch 3)"
    assert repr(dnn.History(loss=[0.5])) == "History(1 epoch, loss 0.5000)"
    assert repr(dnn.History()) == "History(0 epochs)"
    assert dnn.History().epochs == 0


@pytest.mark.parametrize(
    "twin", [copy.copy, copy.deepcopy, dnn.History.copy, lambda history: pickle.loads(pickle.dumps(history))]
)
def test_a_copy_is_a_history(twin: Any) -> None:
    history = dnn.History(loss=[2.0, 1.0])
    history.stopped = "enough"
    other = twin(history)
    assert type(other) is dnn.History
    assert (other, other.stopped) == (history, "enough")
    other["accuracy"] = [0.5]
    other.stopped = ""
    assert ("accuracy" in history, history.stopped) == (False, "enough")


class Halving(dnn.Schedule):
    """1, ½, ¼ …"""

    def __call__(self, t: int) -> float:
        return 0.5**t


@pytest.mark.parametrize(("per", "expected"), [("epoch", [0.8, 0.4, 0.2]), ("step", [0.1, 0.8 / 2**7, 0.8 / 2**11])])
def test_the_rate_is_recorded(per: str, expected: list[float]) -> None:
    """That of the last step of each epoch, of 4 steps; afterwards the optimizer has its own again."""
    optimizer = dnn.SGD(lr=0.8)
    history = digits_fit(optimizer=optimizer, epochs=3, schedule=Halving(per))
    assert history["lr"] == expected
    assert optimizer.lr == 0.8


class RaiseAt(dnn.Callback):
    """Makes θ huge in one epoch, so that the loss overflows."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_start(self, run: dnn.Run) -> None:
        if run.epoch == self.epoch:
            run.model.theta *= 1e38


def test_divergence_keeps_the_history_and_the_rate() -> None:
    optimizer = dnn.SGD(lr=0.8)
    with pytest.raises(dnn.DivergenceError, match="in epoch 3, step 1, with SGD") as caught:
        digits_fit(optimizer=optimizer, epochs=5, schedule=Halving(), callbacks=[RaiseAt(3)])
    assert optimizer.lr == 0.8
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert error.history.epochs == 2
        assert error.history["lr"] == [0.8, 0.4]
        assert str(error) == str(caught.value)
    assert dnn.DivergenceError("by hand").history == dnn.History()


def test_losses_are_without_the_penalty() -> None:
    """A tiny rate leaves θ where it is: the loss recorded is the one without a penalty, though the penalty is huge."""
    x, y = numbers(20, 4), np.arange(20) % 2
    losses = []
    for penalty in (None, dnn.L2(1e3)):
        model = dnn.Sequential(dnn.Dense(4, 2), seed=0)
        options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(lr=1e-12), "validation_data": (x, y)}
        history = model.fit(x, y, **options, penalty=penalty)
        losses.append((history["loss"][0], history["val_loss"][0]))
    assert losses[1] == pytest.approx(losses[0])
