"""Dropout and DropConnect: what is left out, how often, and that training and testing agree on average."""

from typing import Any

import numpy as np
import pytest
from catalogue import assert_close, numbers, on_every_engine, put
from mistakes import Row, check, rows

import dnnlib as dnn
from dnnlib import engine


def network(*layers: dnn.Layer, device: str = "numpy", seed: int = 1) -> dnn.Sequential:
    return dnn.Sequential(*layers, seed=seed, dtype="float64", device=device)


@on_every_engine
@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9])
def test_how_many_drop_out(device: str, p: float) -> None:
    """A fraction p of 100 000, within 5 standard deviations; the others grow by 1 / (1 − p)."""
    y = engine.to_numpy(network(dnn.Dropout(p), device=device).forward(put(np.ones((100, 1000)), device)))
    deviation = (p * (1 - p) / y.size) ** 0.5
    assert (y == 0).mean() == pytest.approx(p, abs=5 * deviation)
    np.testing.assert_allclose(y[y != 0], 1 / (1 - p), rtol=1e-12)
    assert y.mean() == pytest.approx(1, abs=5 * deviation / (1 - p))


@on_every_engine
def test_each_batch_draws_anew(device: str) -> None:
    model = network(dnn.Dropout(0.5), device=device)
    x = put(np.ones((4, 50)), device)
    first, second = (engine.to_numpy(model.forward(x)) for _ in range(2))
    assert (first != second).any()
    assert (first[0] != first[1]).any(), "each example has a mask of its own"
    again = network(dnn.Dropout(0.5), device=device)
    np.testing.assert_array_equal(engine.to_numpy(again.forward(x)), first)


def test_masks_are_the_same_in_every_dtype() -> None:
    masks = [
        dnn.Sequential(dnn.Dropout(0.3), seed=1, dtype=dtype).forward(np.ones((40, 50), dtype)) != 0
        for dtype in ("float32", "float64")
    ]
    np.testing.assert_array_equal(*masks)


@on_every_engine
@pytest.mark.parametrize("p", [0.25, 0.5])
def test_the_lectures_rule_is_the_same_network(device: str, p: float) -> None:
    """Multiply by 1 − p in testing, with the weights behind divided by 1 − p: equal outputs in both modes."""
    inverted = network(dnn.Dense(6, 20), dnn.Dropout(p), dnn.Dense(20, 3), device=device)
    lecture = network(dnn.Dense(6, 20), dnn.Dropout(p, inverted=False), dnn.Dense(20, 3), device=device)
    lecture.layers[2].weight /= 1 - p
    x = put(numbers(8, 6), device)
    for training in (True, True, False):
        inverted.train(training)
        lecture.train(training)
        assert_close(lecture.forward(x), inverted.forward(x), 1e-12)


@pytest.mark.parametrize("inverted", [True, False])
def test_training_agrees_with_testing_on_average(inverted: bool) -> None:
    """The mean over many masks is what testing computes, as long as the layers behind are linear."""
    model = network(dnn.Dropout(0.4, inverted), dnn.Dense(30, 2), seed=3)
    x = np.repeat(numbers(1, 30), 40_000, axis=0)
    outputs = model.forward(x)
    expected = model.predict(x[:1])[0]
    deviation = outputs.std(axis=0) / len(x) ** 0.5
    assert (abs(outputs.mean(axis=0) - expected) < 5 * deviation).all()
    assert (outputs.std(axis=0) > 0.1).all()


def test_p_may_change_between_batches() -> None:
    """As annealed dropout does."""
    dropout = dnn.Dropout(0.5)
    model = network(dropout)
    x = np.ones((10, 100))
    dropout.p = 0.0
    np.testing.assert_array_equal(model.forward(x), x)
    dropout.p = 1.0
    assert not model.forward(x).any()
    with pytest.raises(ValueError, match=r"Dropout: p, the probability to leave out, must lie in \[0, 1\], got 1.5"):
        dropout.p = 1.5
    assert dropout.p == 1.0


def test_dropout_in_fit_is_off_for_validation() -> None:
    """`evaluate` and `predict` do not draw, and leave the network in training mode."""
    x, y = numbers(60, 8), np.arange(60) % 3
    model = network(dnn.Dense(8, 30), dnn.Dropout(0.5), dnn.Dense(30, 3))
    history = model.fit(
        x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.1), epochs=2, validation_data=(x, y)
    )
    assert model.training
    draws = model.rng.bit_generator.state
    assert history["val_loss"][-1] == model.evaluate(x, y).loss
    assert_close(model.predict(x), model.predict(x, batch_size=7), 1e-12)
    assert model.rng.bit_generator.state == draws
    assert model.training
    assert all(layer.training for layer in model.layers)


@on_every_engine
def test_connections_that_drop_out(device: str) -> None:
    """Each output loses the same connections for all examples of a batch; the gradients of those are zero."""
    layer = dnn.DropConnect(200, 30, p=0.3)
    model = network(layer, device=device)
    x = put(np.eye(200), device)
    outputs = engine.to_numpy(model.forward(x) - layer.bias)
    kept = outputs.T != 0
    assert (~kept).mean() == pytest.approx(0.3, abs=5 * (0.21 / kept.size) ** 0.5)
    weight = engine.to_numpy(layer.weight)
    np.testing.assert_allclose(outputs.T[kept], weight[kept] / 0.7, rtol=1e-12)
    model.backward(put(np.ones((200, 30)), device))
    gradient = engine.to_numpy(layer.grad_weight)
    np.testing.assert_allclose(gradient, np.where(kept, 1 / 0.7, 0), rtol=1e-12)
    assert bool((layer.grad_bias == 200).all()), "biases are never dropped"
    assert_close(model.eval().forward(x) - layer.bias, weight.T, 1e-12)


def test_dropconnect_agrees_with_testing_on_average() -> None:
    model = network(dnn.DropConnect(12, 4, p=0.5))
    x = numbers(3, 12)
    outputs = np.array([model.forward(x) for _ in range(20_000)])
    deviation = outputs.std(axis=0) / len(outputs) ** 0.5
    assert (abs(outputs.mean(axis=0) - model.predict(x)) < 5 * deviation).all()


def test_repr_makes_the_layer_again() -> None:
    for layer in (dnn.Dropout(0.3), dnn.Dropout(0.3, inverted=False), dnn.DropConnect(3, 4, p=0.2, bias=False)):
        again: Any = eval(repr(layer), vars(dnn))
        assert repr(again) == repr(layer)
        assert again.options() == layer.options()


MISTAKES: list[Row] = [
    ("p above 1", lambda: dnn.Dropout(1.1), ValueError, ["Dropout: p", "[0, 1]", "got 1.1"]),
    ("p below 0", lambda: dnn.Dropout(-0.1), ValueError, ["Dropout: p", "[0, 1]", "got -0.1"]),
    ("p of text", lambda: dnn.Dropout("0.5"), ValueError, ["Dropout: p", "got '0.5'"]),
    ("p True", lambda: dnn.Dropout(True), ValueError, ["Dropout: p", "got True"]),
    ("p NaN", lambda: dnn.Dropout(float("nan")), ValueError, ["Dropout: p", "got nan"]),
    ("p as percentage", lambda: dnn.Dropout(50), ValueError, ["Dropout: p", "got 50"]),
    ("no connection left", lambda: dnn.DropConnect(3, 4, p=1.0), ValueError, ["DropConnect: p", "no connection"]),
    ("connections p", lambda: dnn.DropConnect(3, 4, p=-1), ValueError, ["DropConnect: p", "got -1"]),
    ("connections' sizes", lambda: dnn.DropConnect(3, 0), ValueError, ["DropConnect: out_features", "got 0"]),
]


@rows(MISTAKES)
def test_mistakes(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
