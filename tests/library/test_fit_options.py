"""What `fit` may be given beside data, loss and optimizer: a transform of the batches; and what it refuses."""

from typing import Any

import numpy as np
import pytest
from catalogue import assert_close, in_every_dtype, on_every_engine, put
from mistakes import CE, Row, X, Y, check, fit, rows

import dnnlib as dnn


def digits_network(device: str, dtype: str) -> dnn.Sequential:
    return dnn.Sequential(dnn.Dense(64, 30), dnn.ReLU(), dnn.Dense(30, 10), seed=7, device=device, dtype=dtype)


@on_every_engine
@in_every_dtype
def test_transform(device: str, dtype: str) -> None:
    """Every batch of the training passes through it, once, and nothing else does; it draws from the network's rng."""
    x, y = (part[:250] for part in dnn.data.digits())
    seen: list[np.ndarray] = []

    def noisy(xb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        assert isinstance(xb, np.ndarray)
        assert xb.dtype == dtype
        assert rng is model.rng
        xb += rng.normal(0, 0.1, xb.shape)  # of its own copy
        seen.append(xb)
        return xb.astype("float64")

    given = x.copy()
    model = digits_network(device, dtype)
    options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(lr=1e-2), "batch_size": 100, "epochs": 2}
    model.fit(given, y, **options, validation_data=(x, y), transform=noisy)
    model.evaluate(x, y)
    np.testing.assert_array_equal(given, x)
    assert [len(xb) for xb in seen] == [100, 100, 50] * 2

    by_hand = digits_network(device, dtype)
    optimizer = dnn.Adam(lr=1e-2)
    for _ in range(2):
        for xb, yb in dnn.batches(x.astype(dtype), y, 100, by_hand.rng):
            xb = put(xb + by_hand.rng.normal(0, 0.1, xb.shape), device, dtype)
            by_hand.loss_and_grad(xb, put(yb, device), dnn.SoftmaxCrossEntropy())
            optimizer.step(by_hand.theta, by_hand.grad)
    assert_close(model.theta, by_hand.theta, 1e-4 if dtype == "float32" else 1e-12)


@pytest.mark.parametrize("training", [False, True])
def test_fit_trains_in_training_mode(training: bool) -> None:
    """Whatever the network's mode is, and leaves it in that."""
    thetas = []
    for mode in (training, True):
        model = dnn.Sequential(dnn.Dense(4, 5), dnn.Dropout(0.5), dnn.Dense(5, 3), seed=0).train(mode)
        model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(0.1), epochs=2, validation_data=(X, Y))
        assert all(layer.training is mode for _, layer in model.named_layers())
        thetas.append(model.theta)
    np.testing.assert_array_equal(*thetas)


def used() -> dnn.Optimizer:
    """An optimizer that has moved another network twice."""
    optimizer = dnn.SGD(lr=0.1, momentum=0.9)
    fit(optimizer=optimizer, batch_size=5)
    return optimizer


MISTAKES: list[Row] = [
    ("penalty as number", lambda: fit(penalty=0.1), TypeError, ["fit: penalty must be a penalty such as", "0.1"]),
    ("penalty as class", lambda: fit(penalty=dnn.L2), TypeError, ["fit: penalty must be", "L2(1e-4)"]),
    ("schedule", lambda: fit(schedule=lambda t: 1.0), TypeError, ["fit: schedule must be a schedule such as"]),
    ("transform", lambda: fit(transform=3), TypeError, ["fit: transform must be a function (x, rng) -> x, got 3"]),
    ("one callback", lambda: fit(callbacks=dnn.GradientNorms()), TypeError, ["callbacks must be a list such as"]),
    ("callback as class", lambda: fit(callbacks=[dnn.GradientNorms]), TypeError, ["a callback must be one such as"]),
    ("callback as function", lambda: fit(callbacks=[print]), TypeError, ["a callback must be one such as", "print"]),
    ("epochs as truth", lambda: fit(epochs=True), ValueError, ["epochs must be an integer of at least 1, got True"]),
    ("another's optimizer", lambda: fit(optimizer=used()), ValueError, ["SGD", "2 steps of another network"]),
    ("transform of nothing", lambda: fit(transform=lambda x, rng: None), ValueError, ["transform", "10", "NoneType"]),
    ("transform that drops", lambda: fit(transform=lambda x, rng: x[1:]), ValueError, ["the 10 examples", "(9, 4)"]),
    ("transform's shape", lambda: fit(transform=lambda x, rng: x[:, 1:]), ValueError, ["(batch, 4)", "(10, 3)"]),
    ("one axis", lambda: fit(x=X[:, 0]), ValueError, ["x must be of shape (examples, features)", "(10,)"]),
]


@rows(MISTAKES)
def test_wrong_options(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
