"""EarlyStopping stops when it says, for the reason it says, and leaves the best θ behind."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from catalogue import on_every_engine
from mistakes import CE, Row, X, Y, check, fit, net, rows

import dnnlib as dnn
from dnnlib import engine


class Script(dnn.Callback):
    """Puts scripted numbers into the history, and the epoch's number into every entry of θ."""

    def __init__(self, name: str, values: list[float]) -> None:
        self.name, self.values = name, values

    def on_epoch_end(self, run: dnn.Run) -> None:
        run.history.add(**{self.name: self.values[run.epoch - 1]})
        run.model.theta = np.full(run.model.theta.shape, run.epoch)


FALLING = [5.0, 4.0, 4.5, 3.9, 3.95, 4.1, 3.9, 3.0]


@pytest.mark.parametrize("rises", [False, True])
@pytest.mark.parametrize(
    ("values", "patience", "min_delta", "epochs", "best"),
    [
        (FALLING, 1, 0, 3, 2),
        (FALLING, 2, 0, 6, 4),
        (FALLING, 3, 0, 7, 4),
        (FALLING, 4, 0, 8, 8),
        (FALLING, 2, 0.5, 4, 2),
        (FALLING, 6, 0.5, 8, 8),
        ([1.0, 2.0], 5, 0, 2, 1),
        ([1.0, 1.0, 1.0, 1.0], 2, 0, 3, 1),
        ([math.inf, math.inf, 1.0], 2, 0, 3, 3),
        ([math.nan, 2.0, 1.0, 1.0], 2, 0, 3, 1),
    ],
)
def test_early_stopping(
    values: list[float], patience: int, min_delta: float, epochs: int, best: int, rises: bool
) -> None:
    """Numbers are to fall; with the other sign, and called an accuracy, to rise. θ is that of the best epoch."""
    name = "top5_accuracy" if rises else "price"
    values = [-value if rises else value for value in values]
    model, stopping = net(), dnn.EarlyStopping(name, patience, min_delta)
    options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(), "epochs": len(values)}
    history = model.fit(X, Y, **options, callbacks=[stopping, Script(name, values)])
    assert (history.epochs, stopping.best_epoch) == (epochs, best)
    assert set(model.theta) == {best}
    assert stopping.best == pytest.approx(values[best - 1], nan_ok=True)
    early = (
        f"early stopping after epoch {epochs}: {name} has not {'risen' if rises else 'fallen'} for {patience} "
        f"epoch{'s' if patience > 1 else ''}; θ is that of epoch {best}, where it was {values[best - 1]:.4g}"
    )
    assert history.stopped == (early if epochs < len(values) else "")


class Count(dnn.Layer):
    """Counts its training batches in the state."""

    count = dnn.layers.base.Parameter()

    def buffers(self) -> dict[str, np.ndarray]:
        return {"count": np.zeros(1)}

    def forward(self, x: Any) -> Any:
        if self.training:
            self.count = self.count + 1
        return x

    def backward(self, grad_output: Any) -> Any:
        return grad_output


@on_every_engine
def test_early_stopping_on_real_data(device: str) -> None:
    """A network that crams 100 digits: θ and the state are those of the epoch with the lowest loss on others."""
    x, y = dnn.data.digits()
    data, validation = (x[:100], y[:100]), (x[100:400], y[100:400])
    options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(lr=0.02), "batch_size": 50}

    def network() -> dnn.Sequential:
        return dnn.Sequential(dnn.Dense(64, 50), dnn.ReLU(), Count(), dnn.Dense(50, 10), seed=0, device=device)

    model, stopping = network(), dnn.EarlyStopping(patience=3)
    history = model.fit(*data, **options, epochs=100, validation_data=validation, callbacks=[stopping])
    best = int(np.argmin(history["val_loss"])) + 1
    assert stopping.best_epoch == best
    assert history.epochs == best + 3
    assert f"after epoch {best + 3}: val_loss" in history.stopped
    assert model.evaluate(*validation).loss == history["val_loss"][best - 1]
    assert engine.to_numpy(model.state).tolist() == [2.0 * best]

    options["optimizer"] = dnn.Adam(lr=0.02)
    only = network()
    only.fit(*data, **options, epochs=best, validation_data=validation)
    np.testing.assert_array_equal(engine.to_numpy(model.theta), engine.to_numpy(only.theta))


def test_early_stopping_serves_twice() -> None:
    """What it remembers of one training does not touch the next."""
    stopping = dnn.EarlyStopping("price", patience=1)
    assert [
        fit(epochs=4, callbacks=[Script("price", prices), stopping]).epochs
        for prices in ([1.0, 2.0, 0.0, 0.0], [9.0, 8.0, 7.0, 9.0])
    ] == [2, 4]
    assert (stopping.best_epoch, stopping.best) == (3, 7.0)


def test_early_stopping_after_an_error() -> None:
    """The best θ is there even when training diverges or a callback fails."""
    model, stopping = net(), dnn.EarlyStopping("loss")

    class Ruin(dnn.Callback):
        """Makes θ NaN in the third epoch."""

        def on_epoch_start(self, run: dnn.Run) -> None:
            if run.epoch == 3:
                run.model.theta[...] = math.nan

    with pytest.raises(dnn.DivergenceError) as caught:
        model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(), epochs=9, callbacks=[stopping, Ruin()])
    assert stopping.best_epoch == 2
    assert np.isfinite(model.theta).all()
    assert model.evaluate(X, Y).loss < caught.value.history["loss"][1]


def test_repr() -> None:
    assert repr(dnn.EarlyStopping()) == "EarlyStopping(monitor='val_loss', patience=5, min_delta=0.0)"


MISTAKES: list[Row] = [
    *(
        (f"patience {p!r}", lambda p=p: dnn.EarlyStopping(patience=p), ValueError, ["patience must be", repr(p)])
        for p in (0, -1, 2.5, True, "3", None)
    ),
    *(
        (f"min_delta {d!r}", lambda d=d: dnn.EarlyStopping(min_delta=d), ValueError, ["min_delta must be", repr(d)])
        for d in (-0.1, math.nan, math.inf, True, "1", None)
    ),
    ("monitor", lambda: dnn.EarlyStopping(None), ValueError, ["monitor must be a name of the history, got None"]),
    (
        "no validation data",
        lambda: fit(callbacks=[dnn.EarlyStopping()]),
        ValueError,
        ["there is no val_loss without validation data", "validation_data=(x_val, y_val)", 'monitor="loss"'],
    ),
    (
        "no validation accuracy",
        lambda: fit(callbacks=[dnn.EarlyStopping("val_accuracy")]),
        ValueError,
        ["there is no val_accuracy without", 'monitor="accuracy"'],
    ),
    (
        "no such name",
        lambda: fit(callbacks=[dnn.EarlyStopping("lost")]),
        ValueError,
        ["the history has no 'lost'; it has loss, accuracy, lr, seconds"],
    ),
]


@rows(MISTAKES)
def test_mistakes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
