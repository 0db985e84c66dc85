"""Callbacks are told what happens, in their order; those of the library record and anneal as they say."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from catalogue import assert_close, on_every_engine, put
from mistakes import CE, Row, X, Y, check, fit, net, rows

import dnnlib as dnn
from dnnlib import engine


class Log(dnn.Callback):
    """Writes down what it is told."""

    def __init__(self, name: str, log: list[str], order: int = 0) -> None:
        self.name, self.log, self.order = name, log, order

    def on_start(self, run: dnn.Run) -> None:
        self.log.append(f"{self.name} start {run.epoch}/{run.epochs}")

    def on_epoch_start(self, run: dnn.Run) -> None:
        self.log.append(f"{self.name} epoch {run.epoch}")

    def on_gradient(self, run: dnn.Run) -> None:
        self.log.append(f"{self.name} gradient {run.step}")

    def on_epoch_end(self, run: dnn.Run) -> None:
        self.log.append(f"{self.name} epoch end {run.epoch} of {run.history.epochs}")

    def on_end(self, run: dnn.Run) -> None:
        self.log.append(f"{self.name} end")


def test_what_callbacks_are_told() -> None:
    log: list[str] = []
    fit(batch_size=5, epochs=2, callbacks=[Log("b", log, 1), Log("a", log)])
    assert log[:2] == ["a start 0/2", "b start 0/2"]
    epochs = [
        [f"{who} epoch {epoch}" for who in "ab"]
        + [f"{who} gradient {step}" for step in (2 * epoch - 2, 2 * epoch - 1) for who in "ab"]
        + [f"{who} epoch end {epoch} of {epoch}" for who in "ab"]
        for epoch in (1, 2)
    ]
    assert log[2:-2] == epochs[0] + epochs[1]
    assert log[-2:] == ["b end", "a end"]


def test_callbacks_end_after_an_error() -> None:
    log: list[str] = []
    with pytest.raises(dnn.DivergenceError):
        fit(x=1e10 * X, optimizer=dnn.SGD(lr=1e30), epochs=5, callbacks=[Log("a", log), Log("b", log)])
    assert log[-2:] == ["b end", "a end"]


class Change(dnn.Callback):
    """Takes the sign of the gradient."""

    def on_gradient(self, run: dnn.Run) -> None:
        run.model.grad = engine.namespace(run.model.grad).sign(run.model.grad)


@on_every_engine
def test_a_callback_may_change_the_gradient(device: str) -> None:
    model = net(seed=0, device=device)
    before = engine.to_numpy(model.theta).copy()
    model.fit(X, Y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.5), batch_size=10, callbacks=[Change()])
    moved = np.unique(np.round(abs(engine.to_numpy(model.theta) - before), 5))
    assert set(moved) <= {0.0, 0.5}
    assert 0.5 in moved


class Stop(dnn.Callback):
    """Stops at a step, the first being 1."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_gradient(self, run: dnn.Run) -> None:
        if run.step == self.step - 1:
            run.stop = "enough"


@pytest.mark.parametrize(
    ("step", "epochs", "stopped"),
    [
        (1, 0, "enough in epoch 1, before step 2"),
        (2, 0, "enough in epoch 1, before step 3"),
        (3, 1, "enough"),
        (5, 1, "enough in epoch 2, before step 3"),
        (6, 2, "enough"),
        (8, 2, "enough in epoch 3, before step 3"),
        (9, 3, ""),
    ],
)
def test_a_callback_may_stop(step: int, epochs: int, stopped: str) -> None:
    """After the step under way, three of which make an epoch; only whole epochs count."""
    history = fit(batch_size=4, epochs=3, callbacks=[Stop(step)])
    assert (history.epochs, history.stopped) == (epochs, stopped)


@on_every_engine
def test_gradient_norms(device: str) -> None:
    """The mean over the steps of ‖∂L/∂W‖, for every parameter, as the public loop has them."""
    layers = lambda: (dnn.Dense(4, 5), dnn.Tanh(), dnn.Residual([dnn.Dense(5, 5, bias=False)]), dnn.Dense(5, 3))  # noqa: E731
    model, by_hand = (dnn.Sequential(*layers(), seed=3, device=device) for _ in range(2))
    options = {"batch_size": 4, "epochs": 2, "penalty": dnn.L2(0.1)}
    history = model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(0.5), **options, callbacks=[dnn.GradientNorms()])
    names = [f"grad_norm/{name}" for name, _ in by_hand.named_parameters()]
    assert names == ["grad_norm/0.weight", "grad_norm/0.bias", "grad_norm/2.body.0.weight"] + [
        f"grad_norm/3.{name}" for name in ("weight", "bias")
    ]
    assert [name for name in history if name.startswith("grad_norm")] == names
    optimizer, loss, penalty = dnn.SGD(0.5), CE(), dnn.L2(0.1)
    for epoch in range(2):
        norms = []
        for xb, yb in dnn.batches(put(X, device, "float32"), put(Y, device), 4, by_hand.rng):
            by_hand.loss_and_grad(xb, yb, loss)
            penalty.backward(by_hand)
            gradients = np.split(engine.to_numpy(by_hand.grad), np.cumsum([20, 5, 25, 15]))
            norms.append([np.sqrt((g.astype(float) ** 2).sum()) for g in gradients])
            optimizer.step(by_hand.theta, by_hand.grad)
        assert_close(np.array([history[name][epoch] for name in names]), np.mean(norms, 0), 1e-5)
    assert all(type(value) is float for name in names for value in history[name])


def test_gradient_norms_of_a_network_without_parameters() -> None:
    model = dnn.Sequential(dnn.Tanh())
    history = model.fit(X[:, :3], Y, loss=CE(), optimizer=dnn.SGD(), callbacks=[dnn.GradientNorms()])
    assert set(history) == {"loss", "accuracy", "lr", "seconds"}


FADE = dnn.LinearLR(1.0, 0.0, total_iters=2)  # 1, ½, 0, 0 …


class Watch(dnn.Callback):
    """Writes down each p during the steps of an epoch."""

    def __init__(self) -> None:
        self.seen: list[list[float]] = []

    def on_gradient(self, run: dnn.Run) -> None:
        layers = [layer for _, layer in run.model.named_layers() if hasattr(layer, "p")]
        self.seen.append([layer.p for layer in layers])


def dropouts() -> dnn.Sequential:
    inner = dnn.Residual([dnn.Dense(5, 5), dnn.Dropout(0.4)])
    return dnn.Sequential(dnn.DropConnect(4, 5, p=0.8), dnn.Dropout(0.2), inner, dnn.Dense(5, 3), seed=0)


@pytest.mark.parametrize("watch_first", [False, True])
def test_annealed_dropout(watch_first: bool) -> None:
    model, watch = dropouts(), Watch()
    callbacks = [dnn.AnnealedDropout(FADE), watch][:: -1 if watch_first else 1]
    for _ in range(2):  # the second training starts from p₀ again
        model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(), batch_size=5, epochs=4, callbacks=callbacks)
    one = [[0.8, 0.2, 0.4]] * 2 + [[0.4, 0.1, 0.2]] * 2 + [[0.0, 0.0, 0.0]] * 4
    assert_close(np.array(watch.seen), np.array(one + one))
    assert [layer.p for _, layer in model.named_layers() if hasattr(layer, "p")] == [0.8, 0.2, 0.4]


def test_annealed_dropout_is_restored_after_an_error() -> None:
    model = dropouts()
    with pytest.raises(RuntimeError, match="broken"):
        model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(), epochs=4, callbacks=[dnn.AnnealedDropout(FADE), Fail(3)])
    assert [layer.p for _, layer in model.named_layers() if hasattr(layer, "p")] == [0.8, 0.2, 0.4]


class Fail(dnn.Callback):
    """Fails at the start of an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_start(self, run: dnn.Run) -> None:
        if run.epoch == self.epoch:
            raise RuntimeError("broken")


def test_annealed_to_nothing_is_no_dropout() -> None:
    """With p = 0 from the first epoch on, the network learns as one without dropout that draws as many numbers."""

    class Never(dnn.Schedule):
        """0 always."""

        def __call__(self, t: int) -> float:
            return 0.0

    thetas = []
    for p, callbacks in ((0.0, []), (0.7, [dnn.AnnealedDropout(Never())])):
        model = dnn.Sequential(dnn.Dense(4, 5), dnn.Dropout(p), dnn.Dense(5, 3), seed=0)
        model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(0.5), epochs=3, callbacks=callbacks)
        thetas.append(model.theta)
    np.testing.assert_array_equal(thetas[0], thetas[1])


def test_repr() -> None:
    assert repr(dnn.GradientNorms()) == "GradientNorms()"
    assert repr(Fail(3)) == "Fail(epoch=3)"


class TooMuch(dnn.Schedule):
    """1, then 1.5."""

    def __call__(self, t: int) -> float:
        return 1 + t / 2


def anneal(*layers: dnn.Layer, schedule: Any = None) -> Any:
    model = dnn.Sequential(dnn.Dense(4, 3), *layers)
    callback = dnn.AnnealedDropout(schedule or FADE)
    return model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(), epochs=3, callbacks=[callback])


MISTAKES: list[Row] = [
    ("no schedule", lambda: dnn.AnnealedDropout(0.5), TypeError, ["AnnealedDropout: expected a schedule", "0.5"]),
    ("no dropout", lambda: anneal(dnn.Tanh()), ValueError, ["no Dropout and no DropConnect layer"]),
    (
        "the lectures' dropout",
        lambda: anneal(dnn.Dropout(0.5, inverted=False)),
        ValueError,
        ["Dropout(p=0.5, inverted=False) computes with p in testing too", "inverted=True"],
    ),
    (
        "p above 1",
        lambda: anneal(dnn.Dropout(0.5), schedule=TooMuch()),
        ValueError,
        ["AnnealedDropout: in epoch 2", "gives 1.5, not in [0, 1]"],
    ),
]


@rows(MISTAKES)
def test_mistakes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
