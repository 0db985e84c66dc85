"""What each activation does at 0 and far out, what the lectures say of them, and how PReLU learns."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import assert_close, in_every_dtype, numbers, on_every_engine, put
from mistakes import Row, check, rows
from torch.nn import functional as F

import dnnlib as dnn
from dnnlib import engine

POINTS = np.array([-1000.0, -90.0, -20.0, -2.0, -0.5, -1e-6, -0.0, 0.0, 1e-6, 0.5, 2.0, 20.0, 90.0, 1000.0])
LINE = np.linspace(-6, 6, 1201)

# name: the layer, torch's function of the same name, and (value, derivative) at -1000, 0 and 1000
ELEMENTWISE: dict[
    str, tuple[Callable[[], dnn.Layer], Callable[[torch.Tensor], torch.Tensor], list[tuple[float, float]]]
]
ELEMENTWISE = {
    "identity": (dnn.Identity, lambda z: z * 1, [(-1000, 1), (0, 1), (1000, 1)]),
    "binary-step": (dnn.BinaryStep, lambda z: (z > 0) + 0 * z, [(0, 0), (0, 0), (1, 0)]),
    "sigmoid": (dnn.Sigmoid, torch.sigmoid, [(0, 0), (0.5, 0.25), (1, 0)]),
    "tanh": (dnn.Tanh, torch.tanh, [(-1, 0), (0, 1), (1, 0)]),
    "arctan": (
        dnn.ArcTan,
        torch.atan,
        [(-np.arctan(1000), 1 / 1_000_001), (0, 1), (np.arctan(1000), 1 / 1_000_001)],
    ),
    "relu": (dnn.ReLU, torch.relu, [(0, 0), (0, 0), (1000, 1)]),
    "leaky-relu": (dnn.LeakyReLU, F.leaky_relu, [(-10, 0.01), (0, 0.01), (1000, 1)]),
    "leaky-relu-steep": (lambda: dnn.LeakyReLU(3), lambda z: F.leaky_relu(z, 3), [(-3000, 3), (0, 3), (1000, 1)]),
    "prelu": (dnn.PReLU, lambda z: F.prelu(z, torch.full((1,), 0.25).to(z)), [(-250, 0.25), (0, 0.25), (1000, 1)]),
    "elu": (dnn.ELU, F.elu, [(-1, 0), (0, 1), (1000, 1)]),
    "elu-alpha": (lambda: dnn.ELU(0.5), lambda z: F.elu(z, 0.5), [(-0.5, 0), (0, 0.5), (1000, 1)]),
    "softplus": (dnn.Softplus, lambda z: F.softplus(z, threshold=100), [(0, 0), (np.log(2), 0.5), (1000, 1)]),
}
each_activation = pytest.mark.parametrize("name", ELEMENTWISE)


def run(layer: dnn.Layer, z: np.ndarray, device: str = "numpy", dtype: str = "float64") -> tuple[Any, Any]:
    """f(z) and f′(z) of an activation that acts on every element alone, in a column."""
    model = dnn.Sequential(layer, dtype=dtype, device=device)
    y = model.forward(put(z.reshape(-1, 1), device, dtype))
    slope = model.backward(y * 0 + 1)
    return engine.to_numpy(y).ravel(), engine.to_numpy(slope).ravel()


@on_every_engine
@in_every_dtype
@each_activation
def test_values_and_derivatives_as_torch_gives_them(name: str, dtype: str, device: str) -> None:
    """From −1000 to 1000, in float32 as in float64; torch computes in float64."""
    make, function, _ = ELEMENTWISE[name]
    y, slope = run(make(), POINTS, device, dtype)
    z = torch.tensor(POINTS.astype(dtype).astype("float64"), requires_grad=True)
    expected = function(z)
    expected.backward(torch.ones_like(expected))
    few = 4 * np.finfo(dtype).eps
    np.testing.assert_allclose(y, expected.detach(), rtol=2 * few, atol=few)
    np.testing.assert_allclose(slope, z.grad, rtol=2 * few, atol=few)
    assert y.dtype == slope.dtype == dtype


@on_every_engine
@in_every_dtype
@each_activation
def test_values_and_derivatives_at_zero_and_far_out(name: str, dtype: str, device: str) -> None:
    """The very numbers, to the last digit."""
    make, _, expected = ELEMENTWISE[name]
    y, slope = run(make(), np.array([-1000.0, 0.0, 1000.0]), device, dtype)
    np.testing.assert_allclose(y, np.array([v for v, _ in expected], dtype), rtol=np.finfo(dtype).eps)
    np.testing.assert_allclose(slope, np.array([d for _, d in expected], dtype), rtol=np.finfo(dtype).eps)


@pytest.mark.parametrize(
    ("make", "tail"), [(dnn.Sigmoid, np.exp(-20.0)), (dnn.Softplus, np.exp(-20.0)), (dnn.ELU, np.exp(-20.0) - 1)]
)
def test_small_tails_keep_their_digits(make: Callable[[], dnn.Layer], tail: float) -> None:
    """σ(−20) = 2.06e-9 in float32 also, not 0; so vanishing gradients can be watched as they vanish."""
    y, slope = run(make(), np.array([-20.0]), dtype="float32")
    assert y[0] == pytest.approx(tail, rel=1e-6)
    if make is not dnn.ELU:
        assert slope[0] == pytest.approx(tail, rel=1e-5)


def test_small_values_keep_their_digits() -> None:
    """e^z − 1 near 0, where the plain difference would lose all digits: α z."""
    y, slope = run(dnn.ELU(2.0), np.array([-1e-6]), dtype="float32")
    assert y[0] == pytest.approx(-2e-6, rel=1e-5)
    assert slope[0] == pytest.approx(2.0, rel=1e-5)


@pytest.mark.parametrize(
    ("layer", "low", "high"),
    [(dnn.Sigmoid(), 0, 1), (dnn.Tanh(), -1, 1), (dnn.ArcTan(), -np.pi / 2, np.pi / 2), (dnn.ReLU(), 0, np.inf),
     (dnn.ELU(1.5), -1.5, np.inf), (dnn.Softplus(), 0, np.inf)],
    ids=repr,
)  # fmt: skip
def test_ranges(layer: dnn.Layer, low: float, high: float) -> None:
    """Lecture A17: what can come out; all of them rise."""
    y, slope = run(layer, LINE)
    assert (y >= low).all()
    assert (y <= high).all()
    assert (np.diff(y) >= 0).all()
    assert (slope >= 0).all()


@pytest.mark.parametrize(("layer", "largest"), [(dnn.Sigmoid(), 0.25), (dnn.Tanh(), 1.0), (dnn.ArcTan(), 1.0)])
def test_steepest_at_zero(layer: dnn.Layer, largest: float) -> None:
    """Lecture A34: σ′ ≤ 1/4, reached at 0 alone."""
    _, slope = run(layer, LINE)
    assert slope.max() == largest
    assert (slope == largest).nonzero()[0].tolist() == [600]


def test_how_they_belong_together() -> None:
    """Lectures D03 and E13: tanh as a stretched sigmoid; leaky ReLU as a maximum; ReLU is smoothed by softplus."""
    z = LINE
    y = {name: run(make(), z)[0] for name, (make, _, _) in ELEMENTWISE.items()}
    assert_close(y["tanh"], 2 / (1 + np.exp(-2 * z)) - 1)
    assert_close(y["sigmoid"], (1 + np.tanh(z / 2)) / 2)
    assert_close(y["sigmoid"] + y["sigmoid"][::-1], np.ones_like(z))
    assert_close(y["leaky-relu"], np.maximum(0.01 * z, z))
    assert_close(y["leaky-relu-steep"], np.minimum(3 * z, z))
    assert_close(y["softplus"] - y["softplus"][::-1], z)
    assert_close(run(dnn.Softplus(), z)[1], y["sigmoid"])
    assert ((y["softplus"] - y["relu"]) > 0).all()
    assert (y["softplus"] - y["relu"]).max() == np.log(2)
    assert_close(run(dnn.ELU(0.5), z)[1], np.where(z > 0, 1, y["elu-alpha"] + 0.5))
    assert_close(run(dnn.LeakyReLU(0), z)[0], y["relu"])
    assert_close(run(dnn.PReLU(init=0.01), z)[0], y["leaky-relu"])


@on_every_engine
@pytest.mark.parametrize("make", [dnn.Softmax, dnn.ReLU, lambda: dnn.PReLU(4), lambda: dnn.Maxout(2)])
def test_the_layout_in_memory_does_not_matter(make: Callable[[], dnn.Layer], device: str) -> None:
    """Images whose batch axis lies last in memory, as a convolution may leave them."""
    x = put(numbers(5, 4, 3, 2), device)
    xp = engine.namespace(x)
    batch_last = xp.permute_dims(put(numbers(5, 4, 3, 2).transpose(1, 2, 3, 0), device), (3, 0, 1, 2))
    models = [dnn.Sequential(make(), dtype="float64", device=device) for _ in range(2)]
    outputs = [model.forward(given) for model, given in zip(models, (x, batch_last), strict=True)]
    assert_close(outputs[1], outputs[0], 1e-14)
    assert_close(models[1].backward(outputs[1]), models[0].backward(outputs[0]), 1e-14)
    assert_close(models[1].grad, models[0].grad, 1e-14)


@on_every_engine
def test_softmax_layer(device: str) -> None:
    """Adds up to 1, over the channels of each place of an image; a shift of all z changes nothing."""
    for shape in ((6, 5), (6, 5, 3, 2)):
        z = 3 * numbers(*shape)
        model = dnn.Sequential(dnn.Softmax(), dtype="float64", device=device)
        y = engine.to_numpy(model.forward(put(z, device)))
        assert_close(y.sum(axis=1), np.ones((6, *shape[2:])))
        assert_close(model.forward(put(z + 700, device)), y)
        assert_close(y[:, 1] / y[:, 0], np.exp(z[:, 1] - z[:, 0]))


@on_every_engine
def test_softmax_layer_then_logarithm_is_the_softmax_loss(device: str) -> None:
    """Through the layer and −ln, the chain rule gives what the loss gives at once: (softmax(z) − y) / B."""
    z, labels = put(3 * numbers(6, 4), device), put(np.arange(6) % 4, device)
    layer, loss = dnn.Softmax(), dnn.SoftmaxCrossEntropy()
    p, y = layer.forward(z), put(np.eye(4)[np.arange(6) % 4], device)
    loss.forward(z, labels)
    assert_close(layer.backward(-y / p / 6), loss.backward())


@on_every_engine
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("shape", [(6, 3), (6, 3, 4, 2)])
def test_prelu_slopes(shape: tuple[int, ...], shared: bool, device: str) -> None:
    """∂L/∂a is Σ g min(0, z), over all that share it; it overwrites what stood there; z > 0 has no part in it."""
    layer = dnn.PReLU(1 if shared else 3, init=0.1)
    model = dnn.Sequential(layer, dtype="float64", device=device)
    assert_close(layer.weight, np.full(1 if shared else 3, 0.1))
    x, g = numbers(*shape), numbers(*shape, seed=1)
    expected = (g * np.minimum(x, 0)).sum(axis=tuple(i for i in range(x.ndim) if shared or i != 1)).reshape(-1)
    for _ in range(2):
        model.forward(put(x, device))
        assert layer.backward(put(g, device), input_grad=False) is None
        assert_close(model.grad, expected)
    model.forward(put(abs(x), device))
    model.backward(put(g, device))
    assert_close(model.grad, 0 * expected)


def test_prelu_learns_the_slope_of_the_data() -> None:
    """Data of slope −1 on the left makes |z| of it."""
    z = np.linspace(-1, 1, 50).reshape(-1, 1)
    model = dnn.Sequential(dnn.PReLU(), dtype="float64")
    model.fit(z, abs(z), loss=dnn.MeanSquaredError(), optimizer=dnn.SGD(lr=0.5), batch_size=10, epochs=30)
    assert model.layers[0].weight[0] == pytest.approx(-1, abs=1e-6)


def test_a_dead_relu_stays_dead_and_a_leaky_one_recovers() -> None:
    """Lecture A17: where every z is negative, ReLU hands back no gradient at all, its variants do."""
    x, y = abs(numbers(20, 2)), np.ones((20, 1))
    for make, alive in ((dnn.ReLU, False), (dnn.LeakyReLU, True), (dnn.PReLU, True), (dnn.ELU, True)):
        model = dnn.Sequential(dnn.Dense(2, 1), make(), dtype="float64")
        model.layers[0].weight, model.layers[0].bias = [[-1.0, -1.0]], [-0.5]
        model.loss_and_grad(x, y, dnn.MeanSquaredError())
        assert bool(model.layers[0].grad_weight.any()) is alive


def test_a_step_lets_no_gradient_through() -> None:
    """Lecture E04: why the perceptron's threshold had to become smooth."""
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.BinaryStep(), dnn.Dense(3, 2), dtype="float64")
    model.loss_and_grad(numbers(10, 4), numbers(10, 2), dnn.MeanSquaredError())
    assert not model.layers[0].grad_weight.any()
    assert model.layers[2].grad_weight.any()


OPTIONS: list[Row] = [
    *(
        (
            f"{name} {value!r}",
            lambda m=make, v=value: m(v),
            ValueError,
            [f"{name} must be a finite number", repr(value)],
        )
        for name, make in (
            ("LeakyReLU: negative_slope", dnn.LeakyReLU),
            ("ELU: alpha", dnn.ELU),
            ("PReLU: init", lambda v: dnn.PReLU(init=v)),
        )
        for value in (float("nan"), float("inf"), "0.1", None, True, [0.1])
    ),
    *(
        (f"{name} {value!r}", lambda m=make, v=value: m(v), error, [name, word, repr(value)])
        for name, make in (("PReLU: num_parameters", dnn.PReLU), ("Maxout: group_size", dnn.Maxout))
        for value, error, word in (
            (0, ValueError, "must be at least 1"),
            (-2, ValueError, "must be at least 1"),
            (2.0, TypeError, "must be an integer"),
            ("2", TypeError, "must be an integer"),
            (True, TypeError, "must be an integer"),
            (None, TypeError, "must be an integer"),
        )
    ),
]

SHAPES: list[Row] = [
    (
        "slopes for other features",
        lambda: dnn.Sequential(dnn.Dense(4, 5), dnn.PReLU(4)),
        ValueError,
        ["layer 1 does not fit", "PReLU(num_parameters=4", "shape (5,)", "must be 5, or 1"],
    ),
    (
        "slopes for one feature",
        lambda: dnn.Sequential(dnn.PReLU(4), dtype="float64").forward(numbers(3, 1)),
        ValueError,
        ["each of 4 features", "shape (1,)", "must be 1"],
    ),
    ("prelu alone", lambda: dnn.PReLU().forward(numbers(3, 1)), RuntimeError, ["PReLU(", "no weight yet"]),
]


@rows(OPTIONS)
def test_options(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


@rows(SHAPES)
def test_shapes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


@pytest.mark.parametrize("value", [np.float64(0.2), np.float32(0.25), 1, np.int64(2)])
def test_options_from_numpy(value: Any) -> None:
    """A number that NumPy computed is kept as Python's: np.float64 would turn float32 outputs into float64."""
    for layer in (dnn.LeakyReLU(value), dnn.ELU(value), dnn.PReLU(init=value)):
        y, _ = run(layer, LINE, dtype="float32")
        assert y.dtype == np.float32
        assert list(layer.options().values())[-1] == value
        assert type(list(layer.options().values())[-1]) is float
