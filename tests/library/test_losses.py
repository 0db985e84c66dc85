"""What each loss says of the lectures' examples, of sure answers right and wrong, and of targets that cannot be."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import (
    LossCase,
    assert_close,
    each_loss,
    in_every_dtype,
    numbers,
    on_every_engine,
    put,
)
from mistakes import NAN, Row, X, Y, check, fit, rows
from torch.nn import functional as F

import dnnlib as dnn
from dnnlib import engine

QC, BCE, CE = dnn.QuadraticCost, dnn.BinaryCrossEntropy, dnn.SoftmaxCrossEntropy


def measure(loss: dnn.Loss, prediction: Any, target: Any, device: str = "numpy", dtype: str = "float64") -> Any:
    """The value and the gradient, as NumPy has them."""
    target = np.asarray(target)
    value = loss.forward(put(np.asarray(prediction, "float64"), device, dtype), put(target, device, dtype))
    return float(value), engine.to_numpy(loss.backward())


@on_every_engine
@each_loss
def test_backward_may_be_asked_twice(loss: LossCase, device: str) -> None:
    """It gives the same again, and leaves alone what it gave before."""
    ours = loss.make()
    ours.forward(
        put(numbers(6, loss.outputs), device), put(loss.target(np.random.default_rng(0), 6, loss.outputs), device)
    )
    first = ours.backward()
    kept = engine.to_numpy(first).copy()
    np.testing.assert_array_equal(engine.to_numpy(ours.backward()), kept)
    np.testing.assert_array_equal(engine.to_numpy(first), kept)


@each_loss
def test_options_give_the_loss_again(loss: LossCase) -> None:
    ours = loss.make()
    again = type(ours)(**ours.options())
    prediction, target = numbers(6, loss.outputs), loss.target(np.random.default_rng(0), 6, loss.outputs)
    assert repr(again) == repr(ours)
    assert again.forward(prediction, target) == ours.forward(prediction, target)


def test_names() -> None:
    """A loss without options prints none."""
    assert repr(CE()) == "SoftmaxCrossEntropy()"
    assert repr(CE(label_smoothing=0.1)) == "SoftmaxCrossEntropy(label_smoothing=0.1)"
    assert repr(BCE()) == "BinaryCrossEntropy()"


def test_smoothing_is_saved(tmp_path: Path) -> None:
    model = dnn.Sequential(dnn.Dense(4, 3))
    model.fit(X, Y, loss=CE(label_smoothing=np.float32(0.25)), optimizer=dnn.SGD(lr=0.1))
    model.save(tmp_path / "m")
    assert repr(dnn.load(tmp_path / "m").loss) == "SoftmaxCrossEntropy(label_smoothing=0.25)"


@on_every_engine
def test_quadratic_cost(device: str) -> None:
    """Lecture E05: half the squared distance, averaged over the batch; m/2 times the mean squared error."""
    value, grad = measure(QC(), [[0.5, 1.0], [0.0, 3.0]], [[1.0, 1.0], [0.0, 1.0]], device)
    assert value == (0.25 + 4) / (2 * 2)
    np.testing.assert_array_equal(grad, [[-0.25, 0], [0, 1]])
    a, y = numbers(7, 3, 2), numbers(7, 3, 2, seed=1)
    value, grad = measure(QC(), a, y, device)
    other, other_grad = measure(dnn.MeanSquaredError(), a, y, device)
    assert value == pytest.approx(6 / 2 * other)
    assert_close(grad, 6 / 2 * other_grad)


@on_every_engine
@in_every_dtype
def test_binary_cross_entropy_of_sure_answers(dtype: str, device: str) -> None:
    """Sure and right costs nothing; sure and wrong costs |z|, with the full gradient: the very numbers at ±1000."""
    z = np.array([[1000.0], [-1000.0], [1000.0], [-1000.0], [0.0]])
    y = np.array([1, 0, 0, 1, 1])
    for i, (cost, slope) in enumerate([(0, 0), (0, 0), (1000, 1), (1000, -1), (np.log(2), -0.5)]):
        value, grad = measure(BCE(), z[i : i + 1], y[i : i + 1], device, dtype)
        assert value == pytest.approx(cost, abs=0, rel=1e-7)
        assert grad.item() == slope
    _, grad = measure(BCE(), z, y, device, dtype)
    assert_close(grad.ravel(), np.array([0, 0, 0.2, -0.2, -0.1], dtype))


@on_every_engine
def test_binary_cross_entropy_keeps_small_digits(device: str) -> None:
    """−ln σ(20) = 2.06e-9 in float32 also, and so is the gradient of the other answer at −20."""
    value, _ = measure(BCE(), [[20.0]], [1], device, "float32")
    assert value == pytest.approx(np.exp(-20.0), rel=1e-6)
    _, grad = measure(BCE(), [[-20.0]], [0], device, "float32")
    assert grad.item() == pytest.approx(np.exp(-20.0), rel=1e-6)


@on_every_engine
def test_binary_cross_entropy_is_softmax_with_two_classes(device: str) -> None:
    """σ(z) is the second entry of softmax([0, z])."""
    z, y = 4 * numbers(9, 1), np.arange(9) % 2
    value, grad = measure(BCE(), z, y, device)
    other, other_grad = measure(CE(), np.concatenate([0 * z, z], axis=1), y, device)
    assert value == pytest.approx(other, rel=1e-12)
    assert_close(grad[:, 0], other_grad[:, 1])


@on_every_engine
def test_binary_labels_in_every_form(device: str) -> None:
    """(batch,) or a column, integers, booleans, floats, lists: one loss, and accuracy at σ(z) = 1/2."""
    labels = Y % 2
    model = dnn.Sequential(dnn.Dense(4, 1), seed=1, device=device)
    right = ((model.predict(X)[:, 0] > 0) == labels).mean()
    assert 0 < right < 1
    expected = model.evaluate(X, labels, BCE())
    assert expected.accuracy == pytest.approx(right)
    for y in (labels > 0, labels.astype("uint8"), labels * 1.0, labels.reshape(-1, 1), labels.tolist(),
              put(labels, "cpu"), put(labels, "cpu") > 0):  # fmt: skip
        assert model.evaluate(X, y, BCE()) == expected
        if isinstance(y, np.ndarray) or engine.is_torch(y):
            given = engine.to_device(y, device)
            assert float(BCE().forward(model(X), given)) == pytest.approx(expected.loss, rel=1e-6)


def test_binary_answers_that_are_right() -> None:
    loss = BCE()
    loss.forward(np.array([[2.0], [-1.0], [0.0], [0.1]]), np.array([1, 1, 0, 0]))
    assert loss.correct() == 2
    loss.forward(np.array([[2.0], [-1.0]]), np.array([[0.9], [0.4]]))
    assert loss.correct() == 2
    loss.forward(np.array([[2.0, 1.0], [-1.0, 3.0]]), np.array([[1, 0], [1, 0]]))
    assert loss.correct() == 1


def test_training_with_one_output() -> None:
    """A gate is learned, and `fit` reports how many answers are right."""
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 10), np.array([1, 1, 1, 0] * 10)
    model = dnn.Sequential(dnn.Dense(2, 1), seed=0)
    history = model.fit(x, y, loss=BCE(), optimizer=dnn.Adam(lr=0.1), epochs=60, validation_data=(x, y))
    assert history["accuracy"][-1] == history["val_accuracy"][-1] == 1.0
    assert history["loss"][-1] < 0.2 * history["loss"][0]


def test_cross_entropy_does_not_saturate() -> None:
    """Lectures E10, E11: sure and wrong, the quadratic cost of a sigmoid has next to no gradient, this one its most."""
    layer = dnn.Sigmoid()
    for z in (-4.0, -10.0):
        _, by_output = measure(QC(), layer.forward(np.array([[z]])), [[1.0]])
        _, grad = measure(BCE(), [[z]], [[1.0]])
        assert abs(layer.backward(by_output)).item() < 0.02
        assert grad.item() == pytest.approx(-1, abs=0.02)


def test_worked_example_of_softmax() -> None:
    """Lecture A21: outputs [0, 0.006, 0.12], the second is right. (The slide's 1.1363 comes of rounding to 0.321.)"""
    value, grad = measure(CE(), [[0, 0.006, 0.12]], [1])
    assert value == pytest.approx(1.13616, abs=5e-6)
    assert_close(grad.round(3), np.array([[0.319, 0.321 - 1, 0.36]]))


@on_every_engine
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5, 1.0, 1])
def test_label_smoothing(smoothing: float, device: str) -> None:
    """As torch's, for labels, one-hot and soft rows; the answers that are right stay the same."""
    z, soft = 3 * numbers(8, 4), np.random.default_rng(0).dirichlet(np.ones(4), 8)
    labels = soft.argmax(axis=1)
    plain, ours = CE(), CE(label_smoothing=smoothing)
    for target in (labels, labels.astype("int32"), np.eye(4)[labels], soft):
        value, grad = measure(ours, z, target, device)
        z_torch = torch.tensor(z, requires_grad=True)
        y = torch.tensor(target if target.dtype != "int32" else labels)
        expected = F.cross_entropy(z_torch, y, label_smoothing=float(smoothing))
        expected.backward()
        assert_close(value, expected.item())
        assert_close(grad, z_torch.grad)
        measure(plain, z, target, device)
        assert int(ours.correct()) == int(plain.correct()) == int((z.argmax(axis=1) == labels).sum())


def test_a_smoothed_loss_is_least_at_the_smoothed_rows() -> None:
    """With ε = 0.1 and 4 classes: 0.925 for the label, 0.025 for each other, where the gradient vanishes."""
    p = np.array([[0.025, 0.925, 0.025, 0.025]])
    value, grad = measure(CE(label_smoothing=0.1), np.log(p), [1])
    assert_close(grad, 0 * p, 1e-15)
    assert value == pytest.approx(-(p * np.log(p)).sum())


OPTIONS: list[Row] = [
    (f"smoothing {e!r}", lambda e=e: CE(label_smoothing=e), ValueError, ["label_smoothing must lie in [0, 1]", repr(e)])
    for e in (-0.1, 1.1, float("nan"), "0.1", None, True)
]

TARGETS: list[Row] = [
    *(
        (f"{name}: {what}", lambda loss=loss, y=y: fit(y=y, loss=loss()), ValueError, [f"{name}()", *words])
        for name, loss in (("QuadraticCost", QC), ("MeanSquaredError", dnn.MeanSquaredError))
        for what, y, words in (
            ("labels", Y, ["(10, 3)", "(10,)", "one_hot"]),
            ("another width", np.ones((10, 2)), ["(10, 3)", "(10, 2)"]),
        )
    ),
    *(
        (
            f"validation: {loss}",
            lambda y=y, loss=loss, good=good: fit(y=good, loss=loss, validation_data=(X, y), callbacks=[_Never()]),
            ValueError,
            [repr(loss), *words],
        )
        for loss, good, y, words in (
            (QC(), np.eye(3)[Y], Y, ["(10, 3)", "(10,)"]),
            (BCE(), np.eye(3)[Y], Y % 2, ["(10, 3)", "(10,)"]),
            (CE(), Y, Y + 1, ["from 1 to 3"]),
        )
    ),
    (
        "validation beyond 1",
        lambda: fit(y=np.eye(3)[Y], loss=BCE(), validation_data=(X, 2 * np.eye(3)[Y]), callbacks=[_Never()]),
        ValueError,
        ["BinaryCrossEntropy()", "[0, 1]", "from 0 to 2"],
    ),
    ("quadratic cost of NaN", lambda: fit(y=NAN[:, :3], loss=QC()), ValueError, ["y: 1 values are NaN"]),
    (
        "binary labels for three outputs",
        lambda: fit(y=Y % 2, loss=BCE()),
        ValueError,
        ["BinaryCrossEntropy()", "(10, 3)", "(10,)", "single output", "SoftmaxCrossEntropy()"],
    ),
    (
        "column for three outputs",
        lambda: BCE().forward(X[:, :3], Y.reshape(-1, 1)),
        ValueError,
        ["(10, 3)", "(10, 1)"],
    ),
    ("two columns for one", lambda: BCE().forward(X[:, :1], X[:, :2]), ValueError, ["(10, 1)", "(10, 2)"]),
    ("labels −1 and 1", lambda: _one(2 * (Y % 2) - 1), ValueError, ["BinaryCrossEntropy()", "[0, 1]", "from -1 to 1"]),
    ("labels 1 and 2", lambda: _one(Y % 2 + 1), ValueError, ["targets must lie in [0, 1]", "from 1 to 2"]),
    ("labels of three", lambda: BCE().forward(X[:, :1], Y), ValueError, ["[0, 1]", "from 0 to 2"]),
    ("binary NaN", lambda: _one(np.where(Y > 0, np.nan, 1)), ValueError, ["y: 6 values are NaN"]),
    ("binary NaN, run", lambda: BCE().forward(X[:, :1], X[:, 1] * np.nan), ValueError, ["[0, 1]", "from nan to nan"]),
    ("binary text", lambda: _one(["yes"] * 10), TypeError, ["y: expected an array of real numbers", "<U3"]),
    ("binary lists", lambda: BCE().forward(X[:, :1], [0] * 10), TypeError, ["arrays of one engine", "list"]),
    ("binary, fewer", lambda: BCE().forward(X[:, :1], Y[:9]), ValueError, ["10 predictions but 9 targets"]),
    ("softmax NaN, run", lambda: CE().forward(X[:, :3], X[:, :3] * np.nan), ValueError, ["add up to 1", "from nan"]),
    ("softmax of images", lambda: CE().forward(numbers(2, 3, 2), Y[:2]), ValueError, ["(batch, classes)", "(2, 3, 2)"]),
]


class _Never(dnn.Callback):
    """Targets are looked at before the first epoch."""

    def on_start(self, run: Any) -> None:
        raise AssertionError("training began")


def _one(y: Any) -> None:
    dnn.Sequential(dnn.Dense(4, 1)).fit(X, y, loss=BCE(), optimizer=dnn.SGD())


@rows(OPTIONS)
def test_options(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


@rows(TARGETS)
def test_targets(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
