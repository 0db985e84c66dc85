"""BatchNorm: torch's statistics over a training, the lecture's by hand, and numbers that floating point makes hard."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import assert_close, buffers_of, grad_of, numbers, on_every_engine, put, theta_of, twin
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mistakes import Row, check, rows
from torch import nn

import dnnlib as dnn
from dnnlib import engine

drawn = settings(max_examples=30, deadline=None, derandomize=True, database=None)
SIZES = st.integers(1, 6)
MOMENTA = pytest.mark.parametrize("momentum", [0.1, 0.7, None, 0.0, 1.0])


def network(*layers: dnn.Layer, device: str = "numpy", dtype: str = "float64") -> dnn.Sequential:
    return dnn.Sequential(*layers, seed=1, dtype=dtype, device=device)


def statistics(model: dnn.Sequential, position: int = 0) -> tuple[np.ndarray, np.ndarray, float]:
    layer = model.layers[position]
    return (
        engine.to_numpy(layer.running_mean),
        engine.to_numpy(layer.running_var),
        float(layer.num_batches_tracked),
    )


@on_every_engine
@MOMENTA
@pytest.mark.parametrize("image", [False, True], ids=["vectors", "images"])
def test_a_training(device: str, momentum: float | None, image: bool) -> None:
    """8 steps with batches of many sizes, down to 2, then testing: θ, outputs and running statistics are torch's."""
    norm = nn.BatchNorm2d if image else nn.BatchNorm1d
    first, second = (dnn.Conv2d(2, 4, 2), nn.Conv2d(2, 4, 2)) if image else (dnn.Dense(2, 4), nn.Linear(2, 4))
    model = network(dnn.BatchNorm(2, momentum=momentum), first, dnn.BatchNorm(4, 1e-3, momentum), device=device)
    ours = twin(model, norm(2, momentum=momentum), second, norm(4, 1e-3, momentum))
    optimizer, theirs, loss = dnn.SGD(lr=0.2), torch.optim.SGD(ours.parameters(), lr=0.2), dnn.MeanSquaredError()
    for step, batch in enumerate((9, 2, 5, 2, 7, 3, 4, 2)):
        x = 3 * numbers(batch, 2, *((3, 4) if image else ()), seed=step) + step
        y = numbers(batch, 4, *((2, 3) if image else ()), seed=100 + step)
        model.loss_and_grad(put(x, device), put(y, device), loss)
        theirs.zero_grad()
        nn.functional.mse_loss(ours(torch.tensor(x)), torch.tensor(y)).backward()
        assert_close(model.grad, grad_of(ours), what=f"gradients in step {step}")
        optimizer.step(model.theta, model.grad)
        theirs.step()
        assert_close(model.theta, theta_of(ours), what=f"theta after step {step}")
        assert_close(model.state, buffers_of(ours), what=f"statistics after step {step}")
    model.eval()
    ours.eval()
    state = engine.to_numpy(model.state).copy()
    x = numbers(3, 2, *((3, 4) if image else ()))
    assert_close(model.forward(put(x, device)), ours(torch.tensor(x)))
    assert_close(model.forward(put(x[:1], device)), ours(torch.tensor(x[:1])), what="a single example")
    np.testing.assert_array_equal(engine.to_numpy(model.state), state)


@on_every_engine
@drawn
@given(batch=st.integers(2, 6), features=SIZES, height=st.integers(0, 4), width=SIZES, training=st.booleans())
@example(batch=2, features=1, height=0, width=1, training=True)
@example(batch=1, features=2, height=1, width=2, training=True)
@example(batch=1, features=3, height=0, width=1, training=False)
def test_any_shape(device: str, batch: int, features: int, height: int, width: int, training: bool) -> None:
    image = (height, width) if height else ()
    model = network(dnn.BatchNorm(features), device=device)
    model.layers[0].running_mean, model.layers[0].running_var = numbers(features), abs(numbers(features))
    model.layers[0].weight, model.layers[0].bias = numbers(features, seed=3), numbers(features, seed=4)
    model.train(training)
    ours = twin(model, (nn.BatchNorm2d if image else nn.BatchNorm1d)(features))
    x, grad_output = numbers(batch, features, *image), numbers(batch, features, *image, seed=2)
    x_torch = torch.tensor(x, requires_grad=True)
    expected = ours(x_torch)
    expected.backward(torch.tensor(grad_output))
    assert_close(model.forward(put(x, device)), expected)
    assert_close(model.backward(put(grad_output, device)), x_torch.grad)
    assert_close(model.grad, grad_of(ours))
    assert_close(model.state, buffers_of(ours))


@on_every_engine
def test_by_hand(device: str) -> None:
    """The lecture's batch of three: z̃ = (z − μ) / σ with the biased σ; what is remembered is the unbiased variance."""
    model = network(dnn.BatchNorm(1, eps=1e-15), device=device)
    model.layers[0].weight, model.layers[0].bias = [2.0], [5.0]
    y = model.forward(put(np.array([[1.0], [2.0], [6.0]]), device))  # μ = 3, variance 14/3, unbiased 7
    assert_close(y, 2 * np.array([[-2.0], [-1.0], [3.0]]) / (14 / 3) ** 0.5 + 5)
    mean, var, count = statistics(model)
    assert_close(mean, [0.9 * 0 + 0.1 * 3])
    assert_close(var, [0.9 * 1 + 0.1 * 7])
    assert count == 1


@on_every_engine
def test_the_mean_of_all_batches(device: str) -> None:
    """momentum=None: the statistics are the plain means over the batches, whatever was there before."""
    model = network(dnn.BatchNorm(3, momentum=None), device=device)
    batches = [numbers(5, 3, seed=seed) + seed for seed in range(4)]
    for x in batches:
        model.forward(put(x, device))
    mean, var, count = statistics(model)
    assert_close(mean, np.mean([x.mean(axis=0) for x in batches], axis=0))
    assert_close(var, np.mean([x.var(axis=0, ddof=1) for x in batches], axis=0))
    assert count == 4


@on_every_engine
def test_what_comes_out(device: str) -> None:
    """In training every channel has mean β and standard deviation γ, whatever came in."""
    model = network(dnn.BatchNorm(3, eps=1e-12), device=device)
    model.layers[0].weight, model.layers[0].bias = [1.0, 0.5, -3.0], [0.0, 7.0, -2.0]
    y = engine.to_numpy(model.forward(put(50 * numbers(8, 3, 5, 4) - 400, device)))
    assert_close(y.mean(axis=(0, 2, 3)), [0.0, 7.0, -2.0])
    assert_close(y.std(axis=(0, 2, 3)), [1.0, 0.5, 3.0])


@on_every_engine
def test_an_examples_output_does_not_depend_on_its_batch(device: str) -> None:
    """In testing; in training it does."""
    model, x = network(dnn.BatchNorm(3), device=device), numbers(6, 3)
    trained = model.forward(put(x, device))
    assert abs(engine.to_numpy(model.forward(put(x[:3], device)) - trained[:3])).max() > 0.01
    model.eval()
    np.testing.assert_array_equal(
        engine.to_numpy(model.forward(put(x[:3], device))), engine.to_numpy(model.forward(put(x, device))[:3])
    )


@on_every_engine
def test_backward_goes_through_the_last_forward(device: str) -> None:
    """Also where the mode was changed in between."""
    x, grad_output = put(numbers(6, 3), device), put(numbers(6, 3, seed=2), device)
    for training in (True, False):
        model = network(dnn.BatchNorm(3), device=device).train(training)
        model.forward(x)
        expected = model.backward(grad_output)
        model.forward(x)
        model.train(not training)
        np.testing.assert_array_equal(engine.to_numpy(model.backward(grad_output)), engine.to_numpy(expected))


@on_every_engine
@pytest.mark.parametrize("shape", [(64, 3), (16, 3, 12, 12)], ids=["vectors", "images"])
@pytest.mark.parametrize("offset", [0.0, 1e4, -1e5])
def test_a_large_mean(device: str, shape: tuple[int, ...], offset: float) -> None:
    """x = offset + noise of standard deviation 1, in float32: as exact as without the offset."""
    noise = np.random.default_rng(0).normal(size=shape)
    x = put(noise + offset, "numpy", "float32")
    model, exact = (network(dnn.BatchNorm(3), device=device, dtype=dtype) for dtype in ("float32", "float64"))
    grad_output = put(numbers(*shape), "numpy", "float32")
    found = model.forward(put(x, device, "float32"))
    assert_close(found, exact.forward(put(x, device, "float64")), 2e-6, what="outputs")
    assert_close(
        model.backward(put(grad_output, device, "float32")),
        exact.backward(put(grad_output, device, "float64")),
        1e-5,
        what="gradients of the input",
    )
    for ours, expected in zip(statistics(model), statistics(exact), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5)


@on_every_engine
@pytest.mark.parametrize("value", [0.0, 1000.0, -0.1, 1e-30])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_constant_channel(device: str, dtype: str, value: float) -> None:
    """No variance: y = β, and no number is lost or infinite."""
    x = numbers(8, 2, 6, 6)
    x[:, 1] = value
    model = network(dnn.BatchNorm(2), device=device, dtype=dtype)
    model.layers[0].bias = [0.0, 3.0]
    y = engine.to_numpy(model.forward(put(x, device, dtype)))
    grad = engine.to_numpy(model.backward(put(numbers(8, 2, 6, 6, seed=2), device, dtype)))
    np.testing.assert_array_equal(y[:, 1], 3.0)
    assert y[:, 0].std() == pytest.approx(1, abs=1e-3)
    assert np.isfinite(grad).all()
    assert np.isfinite(engine.to_numpy(model.grad)).all()


@on_every_engine
def test_numbers_of_1000_in_float32(device: str) -> None:
    """Every sign pattern of ±1000 is ±1, or what balances it."""
    x = 1000 * np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0]])
    y = network(dnn.BatchNorm(2), device=device, dtype="float32").forward(put(x, device, "float32"))
    assert_close(y, np.array([[1, 3**-0.5], [-1, 3**-0.5], [1, 3**-0.5], [-1, -(3**0.5)]]), 1e-6)


@on_every_engine
def test_its_state_goes_with_the_network(device: str, tmp_path: Any) -> None:
    """Copies, files and devices keep the running statistics, and the count of batches."""
    model = network(dnn.BatchNorm(3), dnn.Dense(3, 2), device=device)
    for seed in range(3):
        model.forward(put(numbers(5, 3, seed=seed), device))
    model.eval()
    x = numbers(4, 3)
    expected, state = model.predict(x), engine.to_numpy(model.state).copy()
    assert state[-1] == 3
    assert len(state) == 7
    model.save(tmp_path / "m.safetensors")
    others = [copy.deepcopy(model), dnn.load(tmp_path / "m.safetensors"), copy.deepcopy(model).to("cpu")]
    for other in others:
        np.testing.assert_array_equal(engine.to_numpy(other.state), state)
        assert_close(other.predict(x), expected, 1e-12)
    others[0].train().forward(put(x, device))
    np.testing.assert_array_equal(engine.to_numpy(model.state), state, err_msg="a copy has a state of its own")


def test_a_training_of_a_deep_network() -> None:
    """What it is for: sigmoids of weights that are far too large learn with it, and not without it."""
    x, y = dnn.data.digits()
    accuracy = []
    for norm in (True, False):
        layers: list[dnn.Layer] = []
        for n_in in (64, 30, 30):
            layers += [dnn.Dense(n_in, 30, weight_init=lambda shape, rng: rng.normal(0, 5.0, shape))]
            layers += [*([dnn.BatchNorm(30)] if norm else []), dnn.Sigmoid()]
        model = dnn.Sequential(*layers, dnn.Dense(30, 10), seed=1)
        options: dict[str, Any] = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(lr=0.5), "progress": False}
        model.fit(x[:1000], y[:1000], batch_size=50, epochs=5, **options)
        accuracy.append(model.evaluate(x[1000:], y[1000:]).accuracy or 0)
    assert accuracy[0] > accuracy[1] + 0.1


def test_names() -> None:
    assert repr(dnn.BatchNorm(16)) == "BatchNorm(16)"
    assert repr(dnn.BatchNorm(16, 1e-3, None)) == "BatchNorm(16, eps=0.001, momentum=None)"
    assert repr(dnn.BatchNorm(16, momentum=np.float64(0.2))) == "BatchNorm(16, momentum=0.2)"


def normalize(*shape: int, training: bool = True) -> Any:
    return network(dnn.BatchNorm(3)).train(training).forward(numbers(*shape))


def fit_with_one_left_over() -> None:
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.BatchNorm(3))
    model.fit(numbers(7, 4), np.arange(7) % 3, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(), batch_size=3)


MISTAKES: list[Row] = [
    ("a batch of 1", lambda: normalize(1, 3), ValueError,
     ["BatchNorm(3) got a single number per feature", "(1, 3)", "variance is 0", "batches of at least 2", "eval()"]),
    ("an image of a pixel", lambda: normalize(1, 3, 1, 1), ValueError, ["single number per feature", "(1, 3, 1, 1)"]),
    ("a last batch of 1", fit_with_one_left_over, ValueError, ["BatchNorm(3)", "the last one of an epoch included"]),
    ("other features", lambda: normalize(4, 5), ValueError, ["BatchNorm(3) expects 3 features", "got 5", "(5,)"]),
    ("other channels", lambda: normalize(4, 8, 8, 3), ValueError, ["expects 3 features or channels, got 8"]),
    ("three axes", lambda: normalize(4, 3, 8), ValueError, ["vectors of shape (3,) or images", "got (3, 8)"]),
    ("in a network", lambda: network(dnn.Dense(4, 5), dnn.BatchNorm(4)), ValueError, ["layer 1 does not fit", "got 5"]),
    ("after images", lambda: network(dnn.Conv2d(1, 5, 3), dnn.BatchNorm(4)), ValueError, ["layer 1", "got 5"]),
    ("no features", lambda: dnn.BatchNorm(0), ValueError, ["BatchNorm: num_features must be at least 1, got 0"]),
    ("a shape", lambda: dnn.BatchNorm((3,)), TypeError, ["num_features must be an integer, got (3,)"]),
    ("no eps", lambda: dnn.BatchNorm(3, eps=0), ValueError, ["eps must be a positive number", "got 0"]),
    ("infinite eps", lambda: dnn.BatchNorm(3, eps=float("inf")), ValueError, ["eps must be a positive", "inf"]),
    ("eps of text", lambda: dnn.BatchNorm(3, eps="1e-5"), TypeError, ["eps must be a number, got '1e-5'"]),
    ("momentum of 2", lambda: dnn.BatchNorm(3, momentum=2), ValueError, ["momentum must lie in [0, 1]", "got 2"]),
    ("momentum of NaN", lambda: dnn.BatchNorm(3, momentum=float("nan")), ValueError, ["momentum must lie", "nan"]),
    ("momentum of truth", lambda: dnn.BatchNorm(3, momentum=True), TypeError, ["momentum must be a number, got True"]),
]  # fmt: skip


@rows(MISTAKES)
def test_mistakes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


def test_a_refused_batch_leaves_nothing_behind() -> None:
    model = network(dnn.BatchNorm(3))
    state = model.state.copy()
    with pytest.raises(ValueError, match="single number"):
        model.forward(numbers(1, 3))
    np.testing.assert_array_equal(model.state, state)
    assert normalize(1, 3, training=False).shape == (1, 3)
    assert normalize(1, 3, 1, 2).shape == (1, 3, 1, 2)
