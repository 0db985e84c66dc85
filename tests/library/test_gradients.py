"""Every `backward` is the derivative of its `forward`: central differences over all of θ and of the input."""

import numpy as np
import pytest
from catalogue import (
    Array,
    LayerCase,
    LossCase,
    alone,
    each_layer,
    each_loss,
    numbers,
    on_every_engine,
    put,
    stack,
)

import dnnlib as dnn
from dnnlib import engine

TOLERANCE = 1e-6


@on_every_engine
@each_layer
def test_layer_alone(layer: LayerCase, device: str) -> None:
    model = alone(layer, device)
    x, y = numbers(6, *layer.shape()), numbers(6, *layer.out_shape(), seed=2)
    for training in (True, False):
        model.train(training)
        errors = dnn.gradcheck(model, put(x, device), put(y, device), dnn.MeanSquaredError(), tolerance=TOLERANCE)
        assert list(errors) == ["input", *(name for name, _ in model.named_parameters())]
        assert max(errors.values()) <= TOLERANCE


@on_every_engine
@each_loss
@each_layer
def test_layer_in_a_stack(layer: LayerCase, loss: LossCase, device: str) -> None:
    model = stack(layer, loss.outputs, device)
    y = loss.target(np.random.default_rng(3), 6, loss.outputs)
    errors = dnn.gradcheck(
        model, put(numbers(6, *layer.stack_shape), device), put(y, device), loss.make(), tolerance=TOLERANCE
    )
    assert list(errors) == ["input", *(name for name, _ in model.named_parameters())]
    assert len(errors) >= 5
    assert max(errors.values()) <= TOLERANCE


class WrongSign(dnn.Dense):
    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        grad_input = super().backward(grad_output, input_grad)
        self.grad_weight = -self.grad_weight
        return grad_input


class NotTransposed(dnn.Dense):
    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        grad_input = super().backward(grad_output, input_grad)
        self.grad_weight = self.grad_weight.T.copy()
        return grad_input


class OneWrongEntry(dnn.Dense):
    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        grad_input = super().backward(grad_output, input_grad)
        self.grad_weight[1, 2] += 1e-4 * abs(self.grad_weight).max()
        return grad_input


class NotANumber(dnn.Dense):
    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        grad_input = super().backward(grad_output, input_grad)
        self.grad_bias[0] = np.nan
        return grad_input


class MeanForSum(dnn.Dense):
    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        grad_input = super().backward(grad_output, input_grad)
        self.grad_bias = grad_output.mean(axis=0)
        return grad_input


class AddsUp(dnn.Dense):
    """Adds to the gradients of the batch before instead of overwriting them."""

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        before = self.grad_weight.copy()
        grad_input = super().backward(grad_output, input_grad)
        self.grad_weight += before
        return grad_input


class InputNotTransposed(dnn.Dense):
    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        super().backward(grad_output, input_grad)
        return grad_output @ self.weight.T


class NoFactor(dnn.MeanSquaredError):
    def backward(self) -> Array:
        return super().backward() / 2


def check(kind: type[dnn.Dense], loss: dnn.Loss | None = None) -> None:
    """gradcheck of a square layer of that kind, which stands second, so that layer 0's gradients come through it."""
    model = dnn.Sequential(dnn.Dense(4, 3), kind(3, 3), seed=1, dtype="float64")
    dnn.gradcheck(model, numbers(5, 4), numbers(5, 3, seed=2), loss or dnn.MeanSquaredError())


@pytest.mark.parametrize(
    ("kind", "named", "not_named"),
    [
        (WrongSign, ["1.weight["], ["1.bias", "0.weight", "0.bias", "input"]),
        (NotTransposed, ["1.weight["], ["1.bias", "0.weight", "0.bias", "input"]),
        (OneWrongEntry, ["1.weight[1, 2]"], ["1.bias", "0.weight", "0.bias", "input"]),
        (NotANumber, ["1.bias[0]", "nan"], ["1.weight", "0.weight", "0.bias", "input"]),
        (MeanForSum, ["1.bias["], ["1.weight", "0.weight", "0.bias", "input"]),
        (InputNotTransposed, ["input[", "0.weight[", "0.bias["], ["1.weight", "1.bias"]),
    ],
)
def test_a_wrong_backward_is_found_and_named(kind: type[dnn.Dense], named: list[str], not_named: list[str]) -> None:
    with pytest.raises(dnn.GradientError) as caught:
        check(kind)
    message = str(caught.value)
    assert all(name in message for name in named), message
    assert not any(name in message for name in not_named), message
    assert "backward gives" in message
    assert "central differences" in message


def test_the_same_layer_done_right_passes() -> None:
    check(dnn.Dense)


def test_gradients_that_add_up_are_found() -> None:
    """Also in the first batch, where there was nothing yet to add to."""
    with pytest.raises(dnn.GradientError, match=r"1\.weight\[0, 0\]: backward gives nan"):
        check(AddsUp)


def test_a_loss_without_its_factor_is_found() -> None:
    with pytest.raises(dnn.GradientError) as caught:
        check(dnn.Dense, NoFactor())
    assert all(name in str(caught.value) for name in ("input", "0.weight", "0.bias", "1.weight", "1.bias"))


def test_float32_is_refused() -> None:
    model = dnn.Sequential(dnn.Dense(3, 2))
    with pytest.raises(ValueError, match="float64, this one computes in float32"):
        dnn.gradcheck(model, numbers(2, 3), numbers(2, 2), dnn.MeanSquaredError())


@on_every_engine
@pytest.mark.parametrize("tolerance", [1e-6, 0.0], ids=["passes", "raises"])
def test_theta_and_x_are_as_before(device: str, tolerance: float) -> None:
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.Tanh(), dnn.Dense(3, 2), seed=5, dtype="float64", device=device)
    x, y = put(numbers(6, 4), device), put(numbers(6, 2, seed=1), device)
    theta, before = put(engine.to_numpy(model.theta), device), put(numbers(6, 4), device)
    if device == "numpy":
        x.flags.writeable = False  # not even for a moment
    if tolerance:
        dnn.gradcheck(model, x, y, dnn.MeanSquaredError(), tolerance=tolerance)
    else:
        with pytest.raises(dnn.GradientError):
            dnn.gradcheck(model, x, y, dnn.MeanSquaredError(), tolerance=tolerance)
    assert bool((model.theta == theta).all())
    assert bool((x == before).all())


@on_every_engine
def test_the_inputs_layout_in_memory_does_not_matter(device: str) -> None:
    model = dnn.Sequential(dnn.Dense(3, 2), seed=5, dtype="float64", device=device)
    x = put(numbers(3, 6), device).T
    assert dnn.gradcheck(model, x, put(numbers(6, 2), device), dnn.MeanSquaredError())["input"] <= TOLERANCE


def test_vanishing_gradients_count_as_right() -> None:
    """A dead ReLU: every gradient but the last bias's is zero, and no 0 / 0 comes of it."""
    model = dnn.Sequential(dnn.Dense(2, 3), dnn.ReLU(), dnn.Dense(3, 1), dtype="float64")
    model.layers[0].bias = np.full(3, -100.0)
    errors = dnn.gradcheck(model, numbers(4, 2), numbers(4, 1), dnn.MeanSquaredError())
    assert errors["0.weight"] == errors["0.bias"] == errors["input"] == 0.0
