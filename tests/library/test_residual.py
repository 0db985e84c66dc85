"""Residual blocks: the identity is easy, the gradient's additive term is there, and nesting breaks nothing."""

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from catalogue import assert_close, numbers, on_every_engine, put
from mistakes import Row, check, rows

import dnnlib as dnn
from dnnlib import engine


def block(n: int = 4, hidden: int = 5, shortcut: list[dnn.Layer] | None = None) -> dnn.Residual:
    return dnn.Residual([dnn.Dense(n, hidden), dnn.Tanh(), dnn.Dense(hidden, n)], shortcut or [])


def network(*layers: dnn.Layer, device: str = "numpy") -> dnn.Sequential:
    return dnn.Sequential(*layers, seed=1, dtype="float64", device=device)


@on_every_engine
def test_zero_weights_make_the_identity(device: str) -> None:
    """Forward x comes through unchanged, backward the gradient: x_L = x + Σ F, ∂L/∂x = ∂L/∂x_L · (1 + …)."""
    model = network(*(block() for _ in range(5)), device=device)
    model.theta[...] = 0
    x, grad_output = put(numbers(6, 4), device), put(numbers(6, 4, seed=1), device)
    assert_close(model.forward(x), x, 0)
    assert_close(model.backward(grad_output), grad_output, 0)


def test_the_additive_term() -> None:
    """∂L/∂x of the block is that of its body alone plus ∂L/∂H."""
    model = network(block())
    body = network(dnn.Dense(4, 5), dnn.Tanh(), dnn.Dense(5, 4))
    body.theta = model.theta
    x, grad_output = numbers(6, 4), numbers(6, 4, seed=1)
    assert_close(model.forward(x), body.forward(x) + x, 1e-12)
    assert_close(model.backward(grad_output), body.backward(grad_output) + grad_output, 1e-12)
    assert_close(model.grad, body.grad, 1e-12)


def test_names_and_order() -> None:
    """Those of torch's module with `body` and `shortcut`; θ holds the body first."""
    model = network(dnn.Dense(3, 4), block(shortcut=[dnn.Dense(4, 4, bias=False)]))
    names = [name for name, _ in model.named_parameters()]
    assert names == [
        "0.weight",
        "0.bias",
        "1.body.0.weight",
        "1.body.0.bias",
        "1.body.2.weight",
        "1.body.2.bias",
        "1.shortcut.0.weight",
    ]
    flat = np.concatenate([view.ravel() for _, view in model.named_parameters()])
    np.testing.assert_array_equal(flat, model.theta)


def nested() -> dnn.Sequential:
    """A block in a block, with a layer that draws, and one without parameters in front."""
    inner = dnn.Residual([dnn.Dense(4, 4), dnn.Dropout(0.3)])
    return network(dnn.Tanh(), dnn.Residual([inner, dnn.Tanh()], [dnn.Dense(4, 4)]), dnn.Dense(4, 2))


def test_blocks_in_blocks() -> None:
    model = nested()
    assert [name for name, _ in model.named_layers()][:5] == [
        "0",
        "1",
        "1.body.0",
        "1.body.0.body.0",
        "1.body.0.body.1",
    ]
    errors = dnn.gradcheck(model, numbers(5, 4), numbers(5, 2), dnn.MeanSquaredError())
    assert "1.body.0.body.0.weight" in errors
    model.eval()
    assert not any(layer.training for _, layer in model.named_layers())
    assert all(layer.rng is model.rng for _, layer in model.named_layers())


def test_copies_and_files(tmp_path: Path) -> None:
    model = nested()
    model.save(tmp_path / "m")
    x = numbers(5, 4)
    for other in (copy.deepcopy(model), dnn.load(tmp_path / "m")):
        assert repr(other) == repr(model)
        np.testing.assert_array_equal(other.theta, model.theta)
        np.testing.assert_array_equal(other.predict(x), model.predict(x))
        assert not np.shares_memory(other.theta, model.theta)
    np.testing.assert_array_equal(copy.deepcopy(model).forward(x), model.forward(x))


@on_every_engine
def test_without_the_inputs_gradient(device: str) -> None:
    """Where the block stands first, and its own first layer has no parameters, no gradient of θ is lost."""
    layers = [dnn.Tanh(), dnn.Dense(4, 4), dnn.Sigmoid()], [dnn.Sigmoid(), dnn.Dense(4, 4)]
    model = network(dnn.Residual(*layers), device=device)
    x, grad_output = put(numbers(6, 4), device), put(numbers(6, 4, seed=1), device)
    model.forward(x)
    model.backward(grad_output)
    expected = engine.to_numpy(model.grad).copy()
    model.grad[...] = 0
    assert model.backward(grad_output, input_grad=False) is None
    np.testing.assert_array_equal(engine.to_numpy(model.grad), expected)
    assert expected.any()


def test_a_block_belongs_to_one_network() -> None:
    dense = dnn.Dense(4, 4)
    network(dnn.Residual([dense]))
    with pytest.raises(ValueError, match=r"layer 0, Dense\(4, 4\), is already part of a network"):
        network(dnn.Residual([dense]))
    twice = dnn.Dense(4, 4)
    with pytest.raises(ValueError, match=r"layer 0, Dense\(4, 4\), is already part of a network"):
        network(dnn.Residual([twice, twice]))


MISTAKES: list[Row] = [
    ("no body", lambda: dnn.Residual([]), ValueError, ["Residual: body needs at least one layer"]),
    ("a layer", lambda: dnn.Residual(dnn.Dense(4, 4)), TypeError, ["Residual: body must be a list", "Dense(4, 4)"]),
    ("classes", lambda: dnn.Residual([dnn.ReLU]), TypeError, ["Residual: body must be a list of layers"]),
    ("a bad shortcut", lambda: dnn.Residual([dnn.ReLU()], [3]), TypeError, ["Residual: shortcut must be a list", "3"]),
    (
        "shapes that do not add up",
        lambda: network(dnn.Dense(3, 4), dnn.Residual([dnn.Dense(4, 6)])),
        ValueError,
        ["layer 1 does not fit", "body gives shape (6,), the shortcut (4,)", "projection"],
    ),
    (
        "the same, unknown until it runs",
        lambda: network(dnn.Residual([dnn.Dense(4, 6)])).forward(numbers(2, 4)),
        ValueError,
        ["body gives shape (2, 6), the shortcut (2, 4)", "projection"],
    ),
    (
        "layers inside that do not fit",
        lambda: network(dnn.Dense(3, 4), dnn.Residual([dnn.Dense(5, 4)])),
        ValueError,
        ["layer 1 does not fit", "Dense(5, 4) expects 5 features"],
    ),
]


@rows(MISTAKES)
def test_mistakes(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
