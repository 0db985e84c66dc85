"""`fit` learns, says truthfully how it went, does the same thing twice, and stops when it makes no sense to go on."""

import math
from typing import Any

import numpy as np
import pytest
from catalogue import (
    LossCase,
    OptimizerCase,
    assert_close,
    each_loss,
    each_optimizer,
    in_every_dtype,
    numbers,
    on_every_engine,
    put,
)

import dnnlib as dnn
from dnnlib import engine


def digits_network(seed: int = 0, **options: Any) -> dnn.Sequential:
    return dnn.Sequential(dnn.Dense(64, 30), dnn.ReLU(), dnn.Dense(30, 10), seed=seed, **options)


def quick(**options: Any) -> dict[str, Any]:
    """Options of a short `fit` with a softmax loss."""
    return {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(lr=1e-2), "batch_size": 100} | options


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    return dnn.data.digits()


@on_every_engine
def test_recognizes_digits(digits: tuple[np.ndarray, np.ndarray], device: str) -> None:
    train, test = dnn.data.random_split(*digits, [0.8, 0.2], rng=0)
    model = digits_network(device=device)
    before = model.evaluate(*test, dnn.SoftmaxCrossEntropy())
    history = model.fit(*train, **quick(epochs=5), validation_data=test)
    after = model.evaluate(*test)
    assert before.accuracy < 0.3
    assert before.loss == pytest.approx(math.log(10), abs=0.3)
    assert after.accuracy > 0.9
    assert history["loss"] == sorted(history["loss"], reverse=True)
    assert (model.predict(test[0]).argmax(1) == test[1]).mean() == pytest.approx(after.accuracy)


@on_every_engine
@pytest.mark.parametrize(("gate", "hidden"), [("nand", 0), ("xor", 4)])
def test_learns_gates(device: str, gate: str, hidden: int) -> None:
    """NAND with a single neuron, XOR with a hidden layer."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[1], [1], [1], [0]] if gate == "nand" else [[0], [1], [1], [0]])
    layers = [dnn.Dense(2, hidden), dnn.Tanh(), dnn.Dense(hidden, 1)] if hidden else [dnn.Dense(2, 1)]
    model = dnn.Sequential(*layers, dnn.Sigmoid(), seed=0, device=device)
    history = model.fit(x, y, loss=dnn.MeanSquaredError(), optimizer=dnn.Adam(lr=0.1), batch_size=4, epochs=300)
    assert abs(model.predict(x) - y).max() < 0.2
    assert set(history) == {"loss", "lr", "seconds"}, "a single output has no accuracy"
    assert model.evaluate(x, y).accuracy is None


@on_every_engine
@each_optimizer
@each_loss
def test_every_optimizer_lowers_every_loss(loss: LossCase, optimizer: OptimizerCase, device: str) -> None:
    x, y = numbers(40, 5), loss.target(np.random.default_rng(0), 40, loss.outputs)
    model = dnn.Sequential(dnn.Dense(5, 20), dnn.Tanh(), dnn.Dense(20, loss.outputs), seed=0, device=device)
    before = model.evaluate(x, y, loss.make()).loss
    history = model.fit(x, y, loss=loss.make(), optimizer=optimizer.make(), batch_size=10, epochs=15)
    assert model.evaluate(x, y).loss < before
    assert history["loss"][-1] < history["loss"][0]


@on_every_engine
def test_the_same_seed_gives_the_same_bits(digits: tuple[np.ndarray, np.ndarray], device: str) -> None:
    runs = []
    for seed in (3, 3, 4):
        model = digits_network(seed, device=device)
        history = model.fit(*digits, **quick(epochs=2), validation_data=(digits[0][:50], digits[1][:50]))
        runs.append((engine.to_numpy(model.theta), {k: v for k, v in history.items() if k != "seconds"}))
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    assert runs[0][1] == runs[1][1]
    assert (runs[0][0] != runs[2][0]).mean() > 0.5


def test_fit_goes_on_where_it_stopped(digits: tuple[np.ndarray, np.ndarray]) -> None:
    """Two calls of one epoch are one call of two: the generator and the optimizer go on."""
    at_once, in_two = digits_network(), digits_network()
    at_once.fit(*digits, **quick(epochs=2))
    options = quick(epochs=1)
    in_two.fit(*digits, **options)
    in_two.fit(*digits, **options)
    np.testing.assert_array_equal(at_once.theta, in_two.theta)


@on_every_engine
@in_every_dtype
def test_the_public_loop_is_fit(digits: tuple[np.ndarray, np.ndarray], device: str, dtype: str) -> None:
    """Bit for bit the same θ; and `history` has the loss and accuracy of every example at the time of its step."""
    x, y = digits[0][:450], digits[1][:450]  # the last batch of 100 holds 50
    model = digits_network(7, device=device, dtype=dtype)
    history = model.fit(x, y, **quick(epochs=2))

    by_hand = digits_network(7, device=device, dtype=dtype)
    loss_fn, optimizer = dnn.SoftmaxCrossEntropy(), dnn.Adam(lr=1e-2)
    for epoch in range(2):
        losses, hits = [], []
        for xb, yb in dnn.batches(put(x, device, dtype), put(y, device), batch_size=100, rng=by_hand.rng):
            answers = engine.to_numpy(by_hand.forward(xb)).argmax(1)
            loss = by_hand.loss_and_grad(xb, yb, loss_fn)
            optimizer.step(by_hand.theta, by_hand.grad)
            losses += [float(loss)] * len(xb)
            hits += list(answers == engine.to_numpy(yb))
        assert len(losses) == 450
        assert history["loss"][epoch] == pytest.approx(np.mean(losses), rel=1e-5)
        assert history["accuracy"][epoch] == pytest.approx(np.mean(hits))
    np.testing.assert_array_equal(engine.to_numpy(model.theta), engine.to_numpy(by_hand.theta))


@on_every_engine
@pytest.mark.parametrize("n", [1, 999, 1000, 1001, 1797])
def test_evaluate_is_the_mean_over_examples(digits: tuple[np.ndarray, np.ndarray], device: str, n: int) -> None:
    """Computed in batches of 1000, but each example counts once, those of the short last batch too."""
    x, y = digits[0][:n], digits[1][:n]
    model = digits_network(device=device, dtype="float64")
    found = model.evaluate(x, y, dnn.SoftmaxCrossEntropy())
    log_p = np.log(dnn.softmax(model.predict(x)))
    assert type(found.loss) is type(found.accuracy) is float
    assert_close(found.loss, -log_p[np.arange(n), y].mean())
    assert_close(found.accuracy, (log_p.argmax(1) == y).mean())
    loss, accuracy = model.evaluate(x, dnn.data.one_hot(y, 10), dnn.MeanSquaredError())
    assert_close(loss, ((model.predict(x) - np.eye(10)[y]) ** 2).mean())
    assert_close(accuracy, found.accuracy)


@on_every_engine
def test_training_does_not_depend_on_how_labels_are_written(device: str) -> None:
    """int64, int32, uint8, lists, tensors, one-hot rows: the same labels, the same θ."""
    x, y = numbers(30, 4), np.arange(30) % 3
    thetas = []
    for labels in (
        y,
        y.astype("int32"),
        y.astype("uint8"),
        y.tolist(),
        put(y, "cpu"),
        np.eye(3)[y],
        np.eye(3, dtype=int)[y],
    ):
        model = dnn.Sequential(dnn.Dense(4, 3), seed=0, dtype="float64", device=device)
        model.fit(x, labels, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.1), epochs=2)
        thetas.append(engine.to_numpy(model.theta))
    for theta in thetas[1:]:
        assert_close(theta, thetas[0], 1e-12)


@on_every_engine
@pytest.mark.parametrize("kind", ["int32", "uint8", "int64"])
def test_labels_of_any_integer_type_in_the_public_loop(device: str, kind: str) -> None:
    """torch takes uint8 for a mask where it is used as an index."""
    z, y = numbers(6, 4), np.array([0, 3, 1, 1, 2, 0])
    loss, expected = dnn.SoftmaxCrossEntropy(), dnn.SoftmaxCrossEntropy()
    value = loss.forward(put(z, device), put(y.astype(kind), device))
    assert_close(value, expected.forward(z, y))
    assert_close(loss.backward(), expected.backward())
    assert int(loss.correct()) == int(expected.correct())


@pytest.mark.parametrize(
    "target", [np.array([1, 0, 2]), np.eye(3)[[1, 0, 2]], np.array([[0.2, 0.6, 0.2], [0.5, 0.3, 0.2], [0, 0.1, 0.9]])]
)
def test_correct_answers_are_counted(target: np.ndarray) -> None:
    loss = dnn.SoftmaxCrossEntropy()
    loss.forward(np.array([[0.0, 1.0, 0.5], [0.0, 1.0, 0.5], [0.0, 1.0, 3.0]]), target)
    assert loss.correct() == 2


@on_every_engine
def test_a_network_whose_width_is_not_known_before_it_runs(device: str) -> None:
    """Without a `Dense` it has as many outputs as the data have features; labels are checked batch by batch."""
    model = dnn.Sequential(dnn.ReLU(), device=device, dtype="float64")
    x, y = numbers(30, 3), np.arange(30) % 3
    loss, accuracy = model.evaluate(x, y, dnn.SoftmaxCrossEntropy())
    p = dnn.softmax(np.maximum(x, 0))
    assert_close(loss, -np.log(p[np.arange(30), y]).mean())
    assert_close(accuracy, (p.argmax(1) == y).mean())
    if device != "cuda":  # where looking at every batch's labels would stop the queue
        with pytest.raises(ValueError, match="3 outputs, so labels must lie in 0 … 2, got labels from 0 to 3"):
            model.evaluate(x, np.arange(30) % 4, dnn.SoftmaxCrossEntropy())


@on_every_engine
def test_fit_leaves_the_data_alone(device: str) -> None:
    x, y = numbers(30, 4).astype("f"), np.eye(3, dtype="f")[np.arange(30) % 3]
    given = put(x, device), put(y, device)
    model = dnn.Sequential(dnn.ReLU(), dnn.Dense(4, 3), device=device)
    model.fit(*given, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(), epochs=2, validation_data=given)
    np.testing.assert_array_equal(engine.to_numpy(given[0]), x)
    np.testing.assert_array_equal(engine.to_numpy(given[1]), y)


@on_every_engine
def test_predict_in_batches(digits: tuple[np.ndarray, np.ndarray], device: str) -> None:
    model = digits_network(device=device, dtype="float64")
    at_once = model.predict(digits[0])
    assert at_once.shape == (1797, 10)
    for batch_size in (1, 7, 1797, 5000):
        assert_close(model.predict(digits[0], batch_size=batch_size), at_once, 1e-12)
    assert_close(engine.to_numpy(model(digits[0])), at_once, 1e-12)
    assert model.predict(np.zeros((0, 64))).shape == (0, 10)


def diverging(device: str, scale: float = 1.0) -> tuple[dnn.Sequential, np.ndarray, np.ndarray]:
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.ReLU(), dnn.Dense(3, 1), seed=0, device=device)
    return model, scale * numbers(40, 4), numbers(40, 1, seed=1)


@on_every_engine
@pytest.mark.parametrize("optimizer", [dnn.SGD(lr=25.0), dnn.SGD(lr=25.0, momentum=0.9)], ids=repr)
def test_divergence_is_reported(device: str, optimizer: dnn.SGD) -> None:
    """With the epoch, the step and the rate; on a GPU, where each look at a loss stops the queue, with the epoch."""
    model, x, y = diverging(device)
    optimizer = dnn.SGD(optimizer.lr, optimizer.momentum)
    with pytest.raises(dnn.DivergenceError) as caught:
        model.fit(x, y, loss=dnn.MeanSquaredError(), optimizer=optimizer, batch_size=8, epochs=50)

    by_hand, x, y = diverging("numpy")
    again, loss = dnn.SGD(optimizer.lr, optimizer.momentum), dnn.MeanSquaredError()
    with np.errstate(over="ignore", invalid="ignore"):
        where = next(
            (epoch, step)
            for epoch in range(1, 51)
            for step, (xb, yb) in enumerate(dnn.batches(x.astype("f"), y.astype("f"), 8, by_hand.rng), 1)
            if not math.isfinite(by_hand.loss_and_grad(xb, yb, loss)) or again.step(by_hand.theta, by_hand.grad)
        )
    step = "one of its 5 steps" if device == "cuda" else f"step {where[1]}"
    assert f"in epoch {where[0]}, {step}, with SGD(lr=25.0" in str(caught.value)
    assert "try lr=2.5;" in str(caught.value)
    assert str(caught.value).startswith(("the loss became inf", "the loss became nan"))


@on_every_engine
def test_divergence_in_the_last_step_is_reported(device: str) -> None:
    """The only step's loss is finite, but it throws θ away: the validation shows it."""
    model, x, y = diverging(device, scale=1e18)
    with pytest.raises(dnn.DivergenceError, match=r"in epoch 1, on the validation data, with SGD\(lr=1000"):
        model.fit(
            x, y, loss=dnn.MeanSquaredError(), optimizer=dnn.SGD(lr=1000.0), batch_size=40, validation_data=(x, y)
        )


@on_every_engine
def test_images(digits: tuple[np.ndarray, np.ndarray], device: str) -> None:
    """Of shape (examples, channels, height, width), all the way: fit, evaluate, predict."""
    x, y = digits[0][:600].reshape(-1, 1, 8, 8), digits[1][:600]
    layers = [dnn.Conv2d(1, 4, 3), dnn.ReLU(), dnn.Flatten(), dnn.Dense(4 * 6 * 6, 10)]
    model = dnn.Sequential(*layers, seed=0, device=device)
    history = model.fit(x, y, **quick(epochs=4), validation_data=(x[:70], y[:70]))
    assert history["accuracy"][-1] > 0.85
    assert model.evaluate(x, y).accuracy > 0.9
    assert model.predict(x).shape == (600, 10)
