"""Numbers that floating point cannot hold do not arise, and no computation changes its precision on the way."""

import numpy as np
import pytest
from catalogue import (
    LayerCase,
    LossCase,
    OptimizerCase,
    alone,
    each_layer,
    each_loss,
    each_optimizer,
    in_every_dtype,
    numbers,
    on_every_engine,
    put,
    stack,
)

import dnnlib as dnn
from dnnlib import engine

EXTREMES = np.array(
    [[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, -1000.0], [1000.0, 1000.0, 1000.0], [1e-30, 90.0, -90.0]]
)


def assert_finite(values: object, what: str) -> None:
    values = engine.to_numpy(values)
    assert np.isfinite(values).all(), f"{what}: {values}"


@on_every_engine
@in_every_dtype
@each_layer
def test_layer_at_extremes(layer: LayerCase, device: str, dtype: str) -> None:
    """±1000 gives finite outputs and gradients; a NumPy warning fails the test, as all warnings do here."""
    model = alone(layer, device, dtype)
    output = model.forward(put(np.resize(EXTREMES, (4, *layer.shape())), device, dtype))
    grad_input = model.backward(output * 0 + 1)
    assert_finite(output, "outputs")
    assert_finite(grad_input, "gradients of the input")
    assert_finite(model.grad, "gradients of theta")


@on_every_engine
@in_every_dtype
@each_loss
def test_loss_at_extremes(loss: LossCase, device: str, dtype: str) -> None:
    prediction = np.resize(EXTREMES, (4, loss.outputs))
    target = loss.target(np.random.default_rng(0), 4, loss.outputs)
    ours = loss.make()
    assert_finite(ours.forward(put(prediction, device, dtype), put(target, device, dtype)), "the loss")
    assert_finite(ours.backward(), "its gradient")


@on_every_engine
@in_every_dtype
@each_optimizer
def test_optimizer_at_extremes(optimizer: OptimizerCase, device: str, dtype: str) -> None:
    theta = put(np.array([1.0, 1.0, 1.0, 1.0, 0.0, 1.0]), device, dtype)
    ours = optimizer.make()
    for _ in range(10):
        ours.step(theta, put(np.array([1000.0, -1000.0, 1e-20, -1e-20, 0.0, 1.0]), device, dtype))
    assert_finite(theta, "theta")
    assert theta[4] == 0.0, "where the gradient is zero, nothing moves"


@on_every_engine
@in_every_dtype
@each_loss
@each_layer
def test_dtype_of_layers_and_losses(layer: LayerCase, loss: LossCase, device: str, dtype: str) -> None:
    model, ours = stack(layer, loss.outputs, device, dtype), loss.make()
    y = loss.target(np.random.default_rng(3), 6, loss.outputs)
    output = model.forward(put(numbers(6, *layer.stack_shape), device, dtype))
    value = ours.forward(output, put(y, device, dtype))
    grad_output = ours.backward()
    found = {
        "theta": model.theta,
        "outputs": output,
        "loss": value,
        "gradients of the outputs": grad_output,
        "gradients of the input": model.backward(grad_output),
        "grad": model.grad,
        "softmax": dnn.softmax(output),
    }
    assert {name: engine.dtype_of(values) for name, values in found.items()} == dict.fromkeys(found, dtype)
    assert {engine.device_of(values).partition(":")[0] for values in found.values()} == {device}


@on_every_engine
@in_every_dtype
@each_layer
def test_dtype_inside_each_layer(layer: LayerCase, device: str, dtype: str) -> None:
    """Layer by layer, so that no layer's float64 hides behind the next one's float32."""
    model = alone(layer, device, dtype)
    output = model.forward(put(numbers(6, *layer.shape()), device, dtype))
    assert engine.dtype_of(output) == dtype
    assert engine.dtype_of(model.backward(output)) == dtype


@on_every_engine
@in_every_dtype
@each_optimizer
def test_dtype_of_optimizers(optimizer: OptimizerCase, device: str, dtype: str) -> None:
    """θ, what `update` is handed, and what the optimizer remembers."""
    ours, seen = optimizer.make(), []
    update = ours.update
    ours.update = lambda *vectors: (seen.extend(vectors), update(*vectors))  # type: ignore[method-assign]
    theta = put(np.ones(4), device, dtype)
    ours.step(theta, put(np.ones(4), device, dtype))
    assert {engine.dtype_of(v) for v in (theta, *seen, *ours.state.values())} == {dtype}


@pytest.mark.parametrize("rate", [np.float64(0.1), np.float32(0.1), 1, np.int64(1)])
def test_rates_from_numpy(rate: float) -> None:
    """A rate that NumPy computed is kept as Python's number: np.float64 turns products with float32 into float64."""
    for ours in (dnn.SGD(lr=rate), dnn.SGD(lr=rate, momentum=np.float64(0.5)), dnn.Adam(lr=rate, eps=np.float64(1e-8))):
        assert (ours.lr * np.ones(2, np.float32)).dtype == np.float32
        theta = np.ones(4, np.float32)
        ours.step(theta, np.ones(4, np.float32))
        assert theta.dtype == np.float32
        assert theta[0] < 1
        assert repr(ours).startswith(f"{type(ours).__name__}(lr={rate:g}")


@on_every_engine
@in_every_dtype
def test_dtype_of_users_data(device: str, dtype: str) -> None:
    """Whatever numbers come in (bytes, integers, lists, another precision), the network computes in its own."""
    model = dnn.Sequential(dnn.Dense(3, 2), dtype=dtype, device=device)
    x = numbers(4, 3)
    for given in (x, x.astype("float32"), x.astype("float16"), x.astype(">f4"), x.astype(int), x > 0, x.tolist(),
                  x.astype("uint8"), np.asfortranarray(x), x[::-1], put(x, "cpu"), put(x, "cpu").to(int)):  # fmt: skip
        output = model(given)
        assert engine.dtype_of(output) == dtype
        assert engine.dtype_of(model.predict(given)) == dtype
        assert isinstance(model.predict(given), np.ndarray)


def test_data_that_is_not_writeable() -> None:
    """A network on torch takes data that NumPy protects, without torch's warning."""
    x = numbers(4, 3).astype("float32")
    x.flags.writeable = False
    for device in ("numpy", "cpu"):
        assert dnn.Sequential(dnn.Dense(3, 2), device=device).predict(x).shape == (4, 2)
    tensor = engine.to_device(x, "cpu")
    tensor += 1
    np.testing.assert_array_equal(x, numbers(4, 3).astype("float32"))
