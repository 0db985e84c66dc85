"""torch's own modules, losses and optimizers, and its autograd, as the oracle: in float64, within 1e-9."""

import numpy as np
import pytest
import torch
from catalogue import (
    InitializerCase,
    LayerCase,
    LossCase,
    OptimizerCase,
    alone,
    assert_close,
    buffers_of,
    each_initializer,
    each_layer,
    each_loss,
    each_optimizer,
    grad_of,
    numbers,
    on_every_engine,
    put,
    stack,
    stack_twin,
    theta_of,
    twin,
)

import dnnlib as dnn
from dnnlib import engine, initializers


@on_every_engine
@each_layer
def test_layer(layer: LayerCase, device: str) -> None:
    """Outputs, gradients of θ and gradients of the input."""
    model = alone(layer, device)
    network = twin(model, layer.torch(layer.features))
    x, grad_output = numbers(6, *layer.shape()), numbers(6, *layer.out_shape(), seed=2)
    for training in (True, True, False, True):
        model.train(training)
        output = model.forward(put(x, device))
        grad_input = model.backward(put(grad_output, device))

        x_torch = torch.tensor(x, requires_grad=True)
        network.train(training).zero_grad()
        expected = network(x_torch)
        expected.backward(torch.tensor(grad_output))
        assert_close(output, expected, what="outputs")
        assert_close(grad_input, x_torch.grad, what="gradients of the input")
        assert_close(model.grad, grad_of(network), what="gradients of theta")
        assert_close(model.state, buffers_of(network), what="running statistics")


@on_every_engine
@each_loss
def test_loss(loss: LossCase, device: str) -> None:
    """Its value and its gradient."""
    prediction, target = numbers(6, loss.outputs), loss.target(np.random.default_rng(3), 6, loss.outputs)
    ours = loss.make()
    value = ours.forward(put(prediction, device), put(target, device))

    prediction_torch = torch.tensor(prediction, requires_grad=True)
    expected = loss.torch(prediction_torch, torch.tensor(target))
    expected.backward()
    assert_close(value, expected, what="the loss")
    assert_close(ours.backward(), prediction_torch.grad, what="its gradient")


@on_every_engine
@each_loss
@each_layer
def test_stack(layer: LayerCase, loss: LossCase, device: str) -> None:
    """The layer between two dense ones, under a loss: backpropagation against autograd."""
    model = stack(layer, loss.outputs, device)
    network = stack_twin(model, layer, loss.outputs)
    x, y = numbers(6, *layer.stack_shape), loss.target(np.random.default_rng(3), 6, loss.outputs)
    value = model.loss_and_grad(put(x, device), put(y, device), loss.make())

    expected = loss.torch(network(torch.tensor(x)), torch.tensor(y))
    expected.backward()
    assert_close(value, expected, what="the loss")
    assert_close(model.grad, grad_of(network), what="gradients of theta")


@on_every_engine
@each_optimizer
def test_updates(optimizer: OptimizerCase, device: str) -> None:
    """θ after each of 15 steps of training, with the same batches."""
    layers = dnn.Dense(5, 7), dnn.Tanh(), dnn.Dense(7, 3)
    model = dnn.Sequential(*layers, seed=1, dtype="float64", device=device)
    network = twin(model, torch.nn.Linear(5, 7), torch.nn.Tanh(), torch.nn.Linear(7, 3))
    ours, theirs = optimizer.make(), optimizer.torch(list(network.parameters()))
    loss, rng = dnn.SoftmaxCrossEntropy(), np.random.default_rng(0)
    for step in range(15):
        x, y = rng.normal(size=(8, 5)), rng.integers(3, size=8)
        model.loss_and_grad(put(x, device), put(y, device), loss)
        ours.step(model.theta, model.grad)
        theirs.zero_grad()
        torch.nn.functional.cross_entropy(network(torch.tensor(x)), torch.tensor(y)).backward()
        theirs.step()
        assert_close(model.theta, theta_of(network), what=f"theta after step {step + 1}")


@on_every_engine
@each_optimizer
def test_updates_of_a_theta_larger_than_the_cache(
    optimizer: OptimizerCase, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """θ is updated in slices, the last one shorter; gradients of any size, zeros among them; the rate changes."""
    monkeypatch.setattr(engine, "CACHE_BLOCK", 1000)
    size = 20 * engine.CACHE_BLOCK + 17
    rng = np.random.default_rng(0)
    start = rng.normal(size=size)
    theta, parameter = put(start, device), torch.tensor(start, requires_grad=True)
    ours, theirs = optimizer.make(), optimizer.torch([parameter])
    for step in range(12):
        grad = rng.normal(size=size) * 10.0 ** rng.integers(-3, 3, size)
        grad[::5] = 0
        ours.lr = theirs.param_groups[0]["lr"] = 0.1 / (step + 1)
        ours.step(theta, put(grad, device))
        parameter.grad = torch.tensor(grad)
        theirs.step()
        assert_close(theta, parameter, what=f"theta after step {step + 1}")
    assert ours.t == 12


@on_every_engine
def test_softmax(device: str) -> None:
    for z in (numbers(4, 6), numbers(6), numbers(2, 3, 4), 1000 * numbers(5, 5), np.zeros((3, 1))):
        assert_close(dnn.softmax(put(z, device)), torch.softmax(torch.tensor(z), -1))


@on_every_engine
@pytest.mark.parametrize("scale", [1e3, 1e4])
def test_log_softmax_of_huge_logits(device: str, scale: float) -> None:
    """−ln softmax of logits of ±10 000 is a difference of logits, not infinity."""
    z, y = scale * np.array([[1.0, -1.0, 0.0], [1.0, 1.0, -1.0], [0.0, 0.0, 0.0]]), np.array([1, 2, 0])
    loss = dnn.SoftmaxCrossEntropy()
    value = loss.forward(put(z, device), put(y, device))
    z_torch = torch.tensor(z, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(z_torch, torch.tensor(y))
    expected.backward()
    assert_close(value, expected)
    assert_close(value, (2 * scale + 2 * scale + np.log(2) + np.log(3)) / 3)
    assert_close(loss.backward(), z_torch.grad)


@pytest.mark.parametrize("shape", [(300, 200), (64, 32, 3, 3)], ids=["dense", "convolution"])
@each_initializer
def test_initializer(initializer: InitializerCase, shape: tuple[int, ...]) -> None:
    """The same spread as torch's own, within the 2 % that so many draws allow, and the same bound where it has one."""
    drawn = initializers.get(initializer.name)(shape, np.random.default_rng(0))
    torch.manual_seed(0)
    expected = initializer.torch(torch.empty(shape, dtype=torch.float64)).numpy()
    assert drawn.shape == shape
    assert drawn.dtype == np.float64
    assert abs(drawn.mean()) <= 0.02 * expected.std()
    assert drawn.std() == pytest.approx(expected.std(), rel=0.02)
    if initializer.largest:
        bound = initializer.largest(*initializers.fans(shape))
        assert 0.999 * bound <= abs(drawn).max() <= bound
        assert abs(expected).max() <= bound
    else:
        assert abs(drawn).max() > 3.5 * drawn.std(), "a normal distribution has tails"


def test_dense_starts_as_linear_does() -> None:
    """Weight and bias of a new layer: U(−1/√n, 1/√n), as in torch's `Linear`."""
    dense = dnn.Sequential(dnn.Dense(400, 300), seed=3, dtype="float64").layers[0]
    linear = torch.nn.Linear(400, 300)
    for name in ("weight", "bias"):
        ours, theirs = getattr(dense, name), getattr(linear, name).detach().numpy()
        assert ours.std() == pytest.approx(theirs.std(), rel=0.1)
        assert 0.9 / 20 < abs(ours).max() <= 1 / 20
        assert 0.9 / 20 < abs(theirs).max() <= 1 / 20


def test_dense_with_an_initializer_starts_without_bias() -> None:
    for start in ("xavier_normal", initializers.xavier_normal):
        dense = dnn.Sequential(dnn.Dense(40, 30, weight_init=start), seed=3, dtype="float64").layers[0]
        assert not dense.bias.any()
        assert dense.weight.std() == pytest.approx((2 / 70) ** 0.5, rel=0.1)
