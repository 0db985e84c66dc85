"""L1 and L2: their gradient, which parameters they leave alone, and what training under them does to the weights."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import (
    LayerCase,
    assert_close,
    each_layer,
    grad_of,
    in_every_dtype,
    numbers,
    on_every_engine,
    put,
    stack,
    stack_twin,
    theta_of,
    twin,
)
from mistakes import Row, X, Y, check, fit, rows
from torch import nn

import dnnlib as dnn
from dnnlib import engine

PENALTIES = [dnn.L2(0.3), dnn.L1(0.07)]
each_penalty = pytest.mark.parametrize("penalty", PENALTIES, ids=repr)


def network(device: str = "numpy", dtype: str = "float64") -> dnn.Sequential:
    """Every kind of parameter: weights and biases, a slope by feature, layers in layers, connections left out."""
    return dnn.Sequential(
        dnn.Dense(4, 3),
        dnn.PReLU(3, init=0.5),
        dnn.Residual([dnn.Dense(3, 3), dnn.Tanh()], [dnn.Dense(3, 3, bias=False)]),
        dnn.DropConnect(3, 2, p=0.4),
        seed=1,
        dtype=dtype,
        device=device,
    )


WEIGHTS = ["0.weight", "2.body.0.weight", "2.shortcut.0.weight", "3.weight"]
OTHERS = ["0.bias", "1.weight", "2.body.0.bias", "3.bias"]


def of_torch(penalty: dnn.Penalty, modules: nn.Module) -> torch.Tensor:
    """The penalty of all parameters with at least two axes, as torch computes it."""
    weights = [p for p in modules.parameters() if p.ndim > 1]
    if isinstance(penalty, dnn.L1):
        return penalty.rate * sum(w.abs().sum() for w in weights)
    return penalty.rate / 2 * sum(w.square().sum() for w in weights)


@on_every_engine
@each_penalty
@each_layer
def test_against_torch(layer: LayerCase, penalty: dnn.Penalty, device: str) -> None:
    """The value, and its gradient added to that of the loss, in a stack with every layer of the catalogue."""
    model = stack(layer, 3, device)
    modules = stack_twin(model, layer, 3)
    x, y = numbers(6, *layer.stack_shape), np.arange(6) % 3
    model.loss_and_grad(put(x, device), put(y, device), dnn.SoftmaxCrossEntropy())
    penalty.backward(model)
    expected = of_torch(penalty, modules)
    (nn.functional.cross_entropy(modules(torch.tensor(x)), torch.tensor(y)) + expected).backward()
    assert_close(penalty.forward(model), expected)
    assert_close(model.grad, grad_of(modules))


@on_every_engine
@each_penalty
def test_central_differences(penalty: dnn.Penalty, device: str) -> None:
    model = network(device)
    x, y = put(numbers(6, 4), device), put(np.arange(6) % 2, device)
    errors = dnn.gradcheck(model, x, y, dnn.SoftmaxCrossEntropy(), penalty=penalty)
    assert sorted(errors) == sorted(["input", *WEIGHTS, *OTHERS])
    assert max(errors.values()) <= 1e-6


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
def test_a_wrong_gradient_is_found(factor: float) -> None:
    """gradcheck looks at the penalty, not at the loss alone."""

    class Wrong(dnn.L2):
        def derivative(self, weight: Any) -> Any:
            return factor * super().derivative(weight)

    with pytest.raises(dnn.GradientError) as caught:
        dnn.gradcheck(network(), numbers(6, 4), np.arange(6) % 2, dnn.SoftmaxCrossEntropy(), penalty=Wrong(0.3))
    assert all(name in str(caught.value) for name in WEIGHTS)
    assert not any(name in str(caught.value) for name in (*OTHERS, "input"))


@on_every_engine
@in_every_dtype
@each_penalty
def test_which_parameters(penalty: dnn.Penalty, dtype: str, device: str) -> None:
    """Weights alone, in layers of layers too; what stood in the gradient stays, in its dtype."""
    model = network(device, dtype)
    model.grad[...] = 1.0
    theta = engine.to_numpy(model.theta).copy()
    penalty.backward(model)
    named = dict(model.named_parameters())
    offset, moved = 0, {}
    for name, view in named.items():
        size = math.prod(view.shape)
        moved[name] = bool((model.grad[offset : offset + size] != 1).all())
        offset += size
    assert moved == {name: name in WEIGHTS for name in named}
    assert set(named) == {*WEIGHTS, *OTHERS}
    value = penalty.forward(model)
    assert value.shape == ()
    assert engine.dtype_of(value) == engine.dtype_of(model.grad) == dtype
    np.testing.assert_array_equal(engine.to_numpy(model.theta), theta)
    before = float(value)
    for name in OTHERS:
        named[name][...] = 1e3
    assert float(penalty.forward(model)) == before


def test_a_network_without_weights() -> None:
    model = dnn.Sequential(dnn.PReLU(), dnn.ReLU())
    for penalty in PENALTIES:
        penalty.backward(model)
        assert float(penalty.forward(model)) == 0
    assert not model.grad.any()


def test_by_hand() -> None:
    """Lectures E14, E15: (λ/2) Σ w² with gradient λ w, and λ Σ |w| with gradient λ sign(w), 0 at w = 0."""
    model = dnn.Sequential(dnn.Dense(3, 1), dtype="float64")
    model.layers[0].weight, model.layers[0].bias = [[3.0, 0.0, -4.0]], [7.0]
    for penalty, value, gradient in ((dnn.L2(0.1), 1.25, [0.3, 0, -0.4]), (dnn.L1(0.1), 0.7, [0.1, 0, -0.1])):
        model.grad[...] = 0
        penalty.backward(model)
        assert float(penalty.forward(model)) == pytest.approx(value)
        assert_close(model.grad, np.array([*gradient, 0.0]))


@on_every_engine
def test_l2_is_weight_decay(device: str) -> None:
    """With SGD, also with momentum, the path is that of torch.optim.SGD with weight_decay on the weights."""
    layers = dnn.Dense(5, 7), dnn.Tanh(), dnn.Dense(7, 3)
    model = dnn.Sequential(*layers, seed=1, dtype="float64", device=device)
    modules = twin(model, nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 3))
    groups = [
        {"params": [modules[0].weight, modules[2].weight], "weight_decay": 0.2},
        {"params": [modules[0].bias, modules[2].bias]},
    ]
    ours, theirs = dnn.SGD(lr=0.1, momentum=0.5), torch.optim.SGD(groups, lr=0.1, momentum=0.5)
    loss, penalty, rng = dnn.SoftmaxCrossEntropy(), dnn.L2(0.2), np.random.default_rng(0)
    for _ in range(10):
        x, y = rng.normal(size=(8, 5)), rng.integers(3, size=8)
        model.loss_and_grad(put(x, device), put(y, device), loss)
        penalty.backward(model)
        ours.step(model.theta, model.grad)
        theirs.zero_grad()
        nn.functional.cross_entropy(modules(torch.tensor(x)), torch.tensor(y)).backward()
        theirs.step()
        assert_close(model.theta, theta_of(modules))


def test_l2_shrinks_by_a_fraction() -> None:
    """Where the data say nothing, w ← (1 − η λ) w in every step; the bias stays."""
    model = dnn.Sequential(dnn.Dense(2, 1), dtype="float64")
    model.layers[0].weight, model.layers[0].bias = [[1.0, -2.0]], [3.0]
    x, y = np.zeros((4, 2)), np.full((4, 1), 3.0)
    model.fit(x, y, loss=dnn.MeanSquaredError(), optimizer=dnn.SGD(lr=0.1), penalty=dnn.L2(0.5), epochs=10)
    assert_close(model.theta, np.array([0.95**10, -2 * 0.95**10, 3]))


@on_every_engine
def test_l1_makes_sparse(device: str) -> None:
    """8 inputs, 2 of which matter: L1 drives the other weights to 0 (to within one step), L2 does not."""
    x = np.random.default_rng(0).normal(size=(800, 8))
    y = (2 * x[:, 0] - 3 * x[:, 5] + np.random.default_rng(1).normal(size=800)).reshape(-1, 1)
    small = {}
    for penalty in (None, dnn.L2(0.2), dnn.L1(0.2)):
        model = dnn.Sequential(dnn.Dense(8, 1), seed=1, device=device)
        options: dict[str, Any] = {"loss": dnn.MeanSquaredError(), "optimizer": dnn.SGD(lr=0.02), "batch_size": 800}
        model.fit(x, y, penalty=penalty, epochs=300, **options)
        weight = engine.to_numpy(model.layers[0].weight).ravel()
        small[repr(penalty)] = np.flatnonzero(abs(weight) <= 2 * 0.02 * 0.2).tolist()
        assert abs(weight[[0, 5]]).min() > 1.5
    assert small["L1(rate=0.2)"] == [1, 2, 3, 4, 6, 7]
    assert len(small["None"]) <= 2
    assert len(small["L2(rate=0.2)"]) <= 2


@on_every_engine
@each_penalty
def test_fit_reports_the_loss_of_the_data_alone(penalty: dnn.Penalty, device: str) -> None:
    """The first step's loss is that without penalty; the step itself is not."""
    models = [dnn.Sequential(dnn.Dense(4, 3), seed=1, dtype="float64", device=device) for _ in range(2)]
    options: dict[str, Any] = {"batch_size": len(X), "validation_data": (X, Y)}
    histories = [
        model.fit(X, Y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.5), penalty=given, **options)
        for model, given in zip(models, (None, penalty), strict=True)
    ]
    assert histories[0]["loss"] == histories[1]["loss"]
    assert histories[1]["val_loss"] == [models[1].evaluate(X, Y).loss]
    weights = [engine.to_numpy(model.layers[0].weight) for model in models]
    start = dnn.Sequential(dnn.Dense(4, 3), seed=1, dtype="float64").layers[0].weight
    expected = -0.5 * (penalty.rate * (np.sign(start) if isinstance(penalty, dnn.L1) else start))
    assert_close(weights[1] - weights[0], expected)


RATES: list[Row] = [
    *(
        (f"{kind.__name__} {rate!r}", lambda kind=kind, rate=rate: kind(rate), ValueError, [kind.__name__, repr(rate)])
        for kind in (dnn.L1, dnn.L2)
        for rate in (-0.1, math.nan, math.inf, "0.1", None, True, [0.1])
    ),
    (
        "a number as penalty",
        lambda: fit(penalty=0.1),
        TypeError,
        ["penalty must be a penalty such as dnnlib.L2", "0.1"],
    ),
    ("a class as penalty", lambda: fit(penalty=dnn.L2), TypeError, ["penalty must be a penalty such as", "L2"]),
    ("two penalties", lambda: fit(penalty=[dnn.L1(1), dnn.L2(1)]), TypeError, ["penalty must be a penalty", "L1(rate"]),
    ("no value", lambda: dnn.Penalty(0.1).forward(network()), NotImplementedError, ["does not define value"]),
    ("no derivative", lambda: dnn.Penalty(0.1).backward(network()), NotImplementedError, ["define derivative"]),
]


@rows(RATES)
def test_rates(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


def test_rates_from_numpy() -> None:
    """A rate that NumPy computed is kept as Python's number; 0 is a rate, and changes nothing."""
    assert repr(dnn.L2(np.float64(0.5))) == "L2(rate=0.5)"
    assert type(dnn.L1(np.float32(0.5)).rate) is float
    model = network()
    model.grad[...] = 2.0
    dnn.L1(0).backward(model)
    assert (model.grad == 2.0).all()
