"""θ is one vector: the layers' weights and gradients are views into it, and no way of using them breaks the tie."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import (
    LayerCase,
    LossCase,
    OptimizerCase,
    alone,
    each_layer,
    each_loss,
    each_optimizer,
    last,
    numbers,
    on_every_engine,
    on_every_torch_engine,
    put,
    stack,
)

import dnnlib as dnn
from dnnlib import engine


def network(device: str = "numpy", dtype: str = "float64", seed: int = 1) -> dnn.Sequential:
    return dnn.Sequential(
        dnn.Dense(4, 3), dnn.Tanh(), dnn.Dense(3, 2, bias=False), seed=seed, dtype=dtype, device=device
    )


def values(array: Any) -> np.ndarray:
    """A copy of an array of either engine."""
    return engine.to_numpy(array).copy()


def assert_tied(model: dnn.Sequential) -> None:
    """Each view begins in θ (or ∇L(θ)) where it should, and a write through either side shows on the other."""
    offset = 0
    for _, layer in model.named_layers():
        for name, shape in layer.shapes().items():
            size = int(np.prod(shape))
            for view, flat in ((getattr(layer, name), model.theta), (getattr(layer, f"grad_{name}"), model.grad)):
                assert tuple(view.shape) == shape
                if engine.is_torch(flat):
                    assert view.data_ptr() == flat.data_ptr() + offset * flat.element_size()
                else:
                    assert np.shares_memory(view, flat)
                before = float(flat[offset])
                view[(0,) * len(shape)] = 5.0
                assert float(flat[offset]) == 5.0
                flat[offset + size - 1] = -6.0
                assert float(view.reshape(-1)[-1]) == -6.0
                flat[offset] = before
            offset += size
    assert offset == len(model.theta) == len(model.grad)


@on_every_engine
@each_layer
def test_views(layer: LayerCase, device: str) -> None:
    assert_tied(stack(layer, 3, device))


@on_every_engine
def test_named_parameters(device: str) -> None:
    model = network(device)
    named = dict(model.named_parameters())
    assert {name: tuple(view.shape) for name, view in named.items()} == {
        "0.weight": (3, 4),
        "0.bias": (3,),
        "2.weight": (2, 3),
    }
    named["2.weight"][1, 2] = 9.0
    assert float(model.theta[-1]) == 9.0


@on_every_engine
def test_assigning_a_parameter_copies(device: str) -> None:
    model = network(device)
    weight = np.arange(12.0).reshape(3, 4)
    model.layers[0].weight = weight
    np.testing.assert_array_equal(values(model.theta)[:12], np.arange(12.0))
    weight[0, 0] = 99
    assert float(model.theta[0]) == 0.0, "a copy, not the array itself"
    model.layers[0].bias = [1, 2, 3]
    np.testing.assert_array_equal(values(model.theta)[12:15], [1, 2, 3])
    model.layers[0].weight *= 2
    assert float(model.theta[11]) == 22.0
    model.layers[0].weight = torch.ones(3, 4)
    assert float(model.theta[11]) == 1.0
    assert_tied(model)


@on_every_engine
def test_assigning_theta_copies(device: str) -> None:
    model = network(device)
    theta, given = model.theta, np.arange(21.0)
    model.theta = given
    assert model.theta is theta
    given[0] = 99
    assert float(model.layers[0].weight[0, 0]) == 0.0
    model.theta = model.theta * 2
    model.theta -= 1
    assert float(model.layers[2].weight[1, 2]) == 39.0
    model.theta = [0] * 21
    assert not bool(model.theta.any())
    assert model.theta is theta
    assert_tied(model)


@on_every_engine
def test_changing_grad_in_place(device: str) -> None:
    """Weight decay and clipping, as a student writes them."""
    model = network(device)
    grad = model.grad
    model.grad += 2 * model.theta
    model.grad *= 0.5
    assert model.grad is grad
    np.testing.assert_array_equal(values(model.grad), values(model.theta))
    model.grad = np.arange(21.0)
    assert model.grad is grad
    assert float(model.layers[2].grad_weight[1, 2]) == 20.0
    with pytest.raises(ValueError, match=r"grad has 21 entries, got an array of shape \(3,\)"):
        model.grad = [1, 2, 3]


@on_every_torch_engine
@pytest.mark.parametrize("what", ["weight", "theta"])
def test_values_from_a_torch_module(device: str, what: str) -> None:
    """They come with torch's autograd in tow, which must stay outside."""
    model, linear = network(device, "float32"), torch.nn.Linear(4, 3)
    if what == "weight":
        model.layers[0].weight = linear.weight
        np.testing.assert_array_equal(values(model.layers[0].weight), linear.weight.detach().numpy())
    else:
        flat = torch.cat([linear.weight.reshape(-1), linear.bias, linear.weight.reshape(-1)[:6]])
        model.theta = flat
        np.testing.assert_array_equal(values(model.theta), flat.detach().numpy())
    assert not model.theta.requires_grad
    x = torch.ones(2, 4, requires_grad=True)
    assert not model(x).requires_grad
    model.loss_and_grad(put(numbers(5, 4), device, "float32"), put(np.zeros(5, int), device), dnn.SoftmaxCrossEntropy())
    dnn.SGD().step(model.theta, model.grad)


@pytest.mark.parametrize("bad", [np.ones((4, 3)), np.ones(12), 0.0, [[1, 2, 3, 4]]])
def test_a_parameter_of_another_shape_is_refused(bad: Any) -> None:
    model = network()
    before = values(model.theta)
    with pytest.raises(ValueError, match=r"Dense\(4, 3\)\.weight: expected shape \(3, 4\), got \("):
        model.layers[0].weight = bad
    np.testing.assert_array_equal(model.theta, before)


@pytest.mark.parametrize("bad", [np.ones(20), np.ones((21, 1)), 0.0])
def test_a_theta_of_another_shape_is_refused(bad: Any) -> None:
    model = network()
    before = values(model.theta)
    with pytest.raises(ValueError, match="theta has 21 entries, got an array of shape"):
        model.theta = bad
    with pytest.raises(ValueError, match=r"theta: 1 values are NaN or infinite in float64, the first at index \(20,\)"):
        model.theta = [*np.ones(20), np.nan]
    np.testing.assert_array_equal(model.theta, before)


@on_every_engine
@pytest.mark.parametrize("how", ["deepcopy", "pickle"])
def test_copies_are_independent_and_tied_anew(device: str, how: str) -> None:
    model = network(device)
    model.fit(numbers(20, 4), np.zeros((20, 2)), loss=dnn.MeanSquaredError(), optimizer=dnn.SGD(lr=0.1), progress=False)
    other = copy.deepcopy(model) if how == "deepcopy" else pickle.loads(pickle.dumps(model))
    assert repr(other) == repr(model)
    np.testing.assert_array_equal(values(other.theta), values(model.theta))
    assert other.evaluate(numbers(20, 4), np.zeros((20, 2))) == model.evaluate(numbers(20, 4), np.zeros((20, 2)))
    assert other.rng.random() == model.rng.random(), "the order of the examples goes on alike"
    assert other.rng is not model.rng
    assert_tied(other)
    before = values(model.theta)
    other.theta[...] = 0
    other.layers[0].weight[0, 0] = 3.0
    np.testing.assert_array_equal(values(model.theta), before)
    assert_tied(model)


def test_a_network_that_diverged_can_be_copied() -> None:
    model = network()
    model.theta[3] = np.nan
    np.testing.assert_array_equal(copy.deepcopy(model).theta, model.theta)


def test_copies_train_alike() -> None:
    model = network()
    other = copy.deepcopy(model)
    x, y = numbers(40, 4), np.arange(40) % 2
    for each in (model, other):
        each.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(lr=0.1), batch_size=7, epochs=3)
    np.testing.assert_array_equal(model.theta, other.theta)


def test_a_layer_belongs_to_one_network() -> None:
    layer, shared = dnn.Dense(3, 3), dnn.ReLU()
    model = dnn.Sequential(layer, shared)
    before = values(model.theta)
    for layers in ([layer], [dnn.Dense(3, 3), shared]):
        with pytest.raises(ValueError, match=r"is already part of a network: make a new one"):
            dnn.Sequential(*layers)
    twice = dnn.Dense(3, 3)
    with pytest.raises(ValueError, match=r"layer 1, Dense\(3, 3\), is already part of a network"):
        dnn.Sequential(twice, twice)
    np.testing.assert_array_equal(model.theta, before)
    assert_tied(model)
    assert_tied(dnn.Sequential(twice))  # a network that could not be made leaves its layers free


@on_every_engine
def test_backward_overwrites(device: str) -> None:
    model, loss = network(device), dnn.MeanSquaredError()
    x, y = put(numbers(5, 4), device), put(numbers(5, 2), device)
    model.loss_and_grad(x, y, loss)
    first = values(model.grad)
    model.loss_and_grad(x, y, loss)
    np.testing.assert_array_equal(values(model.grad), first)
    model.grad[...] = np.nan
    model.loss_and_grad(x, y, loss)
    np.testing.assert_array_equal(values(model.grad), first)


@on_every_engine
@each_layer
def test_without_the_inputs_gradient(layer: LayerCase, device: str) -> None:
    """`input_grad=False` saves work and changes no gradient of θ, wherever the first parameters stand."""
    leading = dnn.Sequential(layer.make(layer.features), *last(layer, 3), seed=1, dtype="float64", device=device)
    for model, shape in ((stack(layer, 3, device), layer.stack_shape), (leading, layer.shape())):
        x, grad_output = put(numbers(6, *shape), device), put(numbers(6, 3, seed=1), device)
        model.forward(x)
        assert tuple(model.backward(grad_output).shape) == (6, *shape)
        full = values(model.grad)
        model.grad[...] = 0
        assert model.backward(grad_output, input_grad=False) is None
        np.testing.assert_array_equal(values(model.grad), full)


def test_a_network_without_parameters() -> None:
    model = dnn.Sequential(dnn.ReLU(), dnn.Tanh(), dtype="float64")
    assert model.theta.shape == model.grad.shape == (0,)
    assert model.predict([[0.5, -1.0]]).tolist() == [[np.tanh(0.5), 0.0]]
    model.forward(numbers(3, 2))
    assert model.backward(np.ones((3, 2))).shape == (3, 2)
    assert model.backward(np.ones((3, 2)), input_grad=False) is None


@on_every_engine
@each_layer
def test_layers_leave_alone_what_comes_in(layer: LayerCase, device: str) -> None:
    model = alone(layer, device)
    given = numbers(5, *layer.shape()), numbers(5, *layer.out_shape(), seed=1)
    x, grad_output = (put(array, device) for array in given)
    model.forward(x)
    model.backward(grad_output)
    np.testing.assert_array_equal(values(x), given[0])
    np.testing.assert_array_equal(values(grad_output), given[1])


@on_every_engine
@each_loss
def test_losses_leave_alone_what_comes_in(loss: LossCase, device: str) -> None:
    given = numbers(5, loss.outputs), loss.target(np.random.default_rng(0), 5, loss.outputs)
    prediction, target = (put(array, device) for array in given)
    ours = loss.make()
    ours.forward(prediction, target)
    first = values(ours.backward())
    np.testing.assert_array_equal(values(ours.backward()), first, "asked twice, the same gradient")
    np.testing.assert_array_equal(values(prediction), given[0])
    np.testing.assert_array_equal(values(target), given[1])


@on_every_engine
@each_optimizer
def test_optimizers_leave_the_gradient_alone(optimizer: OptimizerCase, device: str) -> None:
    theta, grad, ours = put(numbers(9), device), put(numbers(9, seed=1), device), optimizer.make()
    for _ in range(3):
        ours.step(theta, grad)
    np.testing.assert_array_equal(values(grad), numbers(9, seed=1))
