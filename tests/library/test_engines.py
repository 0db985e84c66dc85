"""One set of equations, two engines: the path of θ is the same on NumPy and on torch, and so is its start."""

import importlib
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import (
    DEVICES,
    LAYERS,
    OPTIMIZERS,
    LayerCase,
    OptimizerCase,
    assert_close,
    each_layer,
    each_optimizer,
    numbers,
    on_every_engine,
    on_every_torch_engine,
    put,
    stack,
)

import dnnlib as dnn
from dnnlib import engine

STEPS = 50
# Rounding in the last of float32's 7 digits, carried through 50 steps of training; measured on a CPU: 2e-7.
FLOAT32 = 1e-5


def train(
    model: dnn.Sequential, optimizer: dnn.Optimizer, dtype: str, shape: tuple[int, ...], steps: int = STEPS
) -> np.ndarray:
    """θ after every one of the steps, for batches that depend on nothing but their number."""
    loss, rng = dnn.SoftmaxCrossEntropy(), np.random.default_rng(0)
    path = []
    for _ in range(steps):
        x, y = put(rng.normal(size=(16, *shape)), model.device, dtype), put(rng.integers(3, size=16), model.device)
        model.loss_and_grad(x, y, loss)
        optimizer.step(model.theta, model.grad)
        path.append(engine.to_numpy(model.theta).copy())
    return np.array(path)


in_either_precision = pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", FLOAT32)])


def assert_same_path(layer: LayerCase, optimizer: OptimizerCase, dtype: str, tolerance: float, device: str) -> None:
    on_numpy = train(stack(layer, 3, "numpy", dtype), optimizer.make(), dtype, layer.stack_shape)
    on_torch = train(stack(layer, 3, device, dtype), optimizer.make(), dtype, layer.stack_shape)
    assert_close(on_torch, on_numpy, tolerance, what=f"theta over {STEPS} steps")
    assert abs(on_numpy[-1] - on_numpy[0]).max() > 100 * tolerance, "it was a path, not a standstill"


@on_every_torch_engine
@in_either_precision
@each_layer
def test_same_path_with_every_layer(layer: LayerCase, dtype: str, tolerance: float, device: str) -> None:
    adam = next(case for case in OPTIMIZERS if case.name == "adam")
    assert_same_path(layer, adam, dtype, tolerance, device)


@on_every_torch_engine
@in_either_precision
@each_optimizer
def test_same_path_with_every_optimizer(optimizer: OptimizerCase, dtype: str, tolerance: float, device: str) -> None:
    tanh = next(case for case in LAYERS if case.name == "tanh")
    assert_same_path(tanh, optimizer, dtype, tolerance, device)


@on_every_torch_engine
@in_either_precision
def test_same_training_on_digits(dtype: str, tolerance: float, device: str) -> None:
    """`fit` on real digits, 4 epochs of 13 batches: the same shuffles, losses and accuracies."""
    x, y = dnn.data.digits()
    models, histories = [], []
    for place in ("numpy", device):
        model = dnn.Sequential(dnn.Dense(64, 20), dnn.ReLU(), dnn.Dense(20, 10), seed=1, dtype=dtype, device=place)
        options: dict[str, Any] = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(lr=1e-3)}
        histories.append(model.fit(x[:400], y[:400], batch_size=32, epochs=4, **options))
        models.append(model)
    assert_close(models[1].theta, models[0].theta, tolerance)
    assert_close(np.array(histories[1]["loss"]), np.array(histories[0]["loss"]), tolerance)
    assert histories[1]["accuracy"] == pytest.approx(histories[0]["accuracy"], abs=0.01)
    assert_close(models[1].predict(x), models[0].predict(x), 10 * tolerance)


@on_every_torch_engine
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@each_layer
def test_same_start(layer: LayerCase, dtype: str, device: str) -> None:
    """Bit for bit: the same seed gives the same θ everywhere, another seed another."""
    starts = [engine.to_numpy(stack(layer, 3, place, dtype).theta) for place in ("numpy", device)]
    np.testing.assert_array_equal(*starts)
    other = dnn.Sequential(dnn.Dense(5, 4), seed=2, dtype=dtype, device=device)
    same = dnn.Sequential(dnn.Dense(5, 4), seed=np.random.default_rng(2), dtype=dtype, device=device)
    assert bool((other.theta == same.theta).all()), "a seed and a generator of that seed are the same"
    assert not bool((other.theta == dnn.Sequential(dnn.Dense(5, 4), seed=1, dtype=dtype, device=device).theta).any())


def test_float32_starts_where_float64_does() -> None:
    models = [dnn.Sequential(dnn.Dense(5, 4), seed=2, dtype=dtype) for dtype in ("float32", "float64")]
    np.testing.assert_array_equal(models[0].theta, models[1].theta.astype("float32"))


@on_every_torch_engine
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_to_and_back(dtype: str, device: str) -> None:
    """θ moves unchanged, the layers' views move along, and nothing is shared with the place that it left."""
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.Tanh(), dnn.Dense(3, 2), seed=1, dtype=dtype)
    x = numbers(5, 4)
    theta, output, left = model.theta.copy(), model.predict(x), model.theta
    assert model.to(device) is model
    assert model.device == device
    assert engine.is_torch(model.theta)
    assert_close(model.predict(x), output, 1e-6)
    model.layers[2].bias[1] = 7.0
    assert float(model.theta[-1]) == 7.0
    assert left[-1] == theta[-1]
    model.layers[2].bias[1] = float(theta[-1])
    model.to("numpy")
    assert isinstance(model.theta, np.ndarray)
    np.testing.assert_array_equal(model.theta, theta)
    assert np.shares_memory(model.layers[0].weight, model.theta)
    np.testing.assert_array_equal(model.predict(x), output)


@on_every_torch_engine
def test_training_goes_on_after_a_move(device: str) -> None:
    x, y = dnn.data.digits()
    model = dnn.Sequential(dnn.Dense(64, 10), seed=1)
    first = model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(lr=1e-2))
    model.to(device)
    with pytest.raises(TypeError, match=f"on device '{device}'"):
        model.forward(x)
    second = model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(lr=1e-2))
    assert second["loss"][0] < first["loss"][0]


@on_every_engine
def test_moving_to_the_same_device_changes_nothing(device: str) -> None:
    model = dnn.Sequential(dnn.Dense(4, 3), device=device)
    theta = put(engine.to_numpy(model.theta), device)
    model.to(device)
    assert bool((model.theta == theta).all())
    assert model.device == device


def test_a_move_that_fails_leaves_the_network_as_it_was() -> None:
    model = dnn.Sequential(dnn.Dense(4, 3))
    theta = model.theta
    with pytest.raises(ValueError, match="device"):
        model.to("gpu")
    assert model.theta is theta
    assert model.device == "numpy"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no GPU, so all tests ran on numpy and cpu alone")
def test_cuda_is_among_the_engines() -> None:
    assert "cuda" in DEVICES
    assert dnn.best_device() == "cuda"
    assert dnn.Sequential(dnn.Dense(2, 2), device="cuda").theta.device.type == "cuda"


def test_best_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert dnn.best_device() == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert dnn.best_device() == "cpu"
    monkeypatch.setattr(engine, "importlib", _WithoutTorch)
    assert dnn.best_device() == "numpy"


class _WithoutTorch:
    @staticmethod
    def import_module(name: str) -> Any:
        if name == "torch":
            raise ImportError("No module named 'torch'")
        return importlib.import_module(name)


def test_devices_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert engine.check_device("cuda:1") == "cuda:1"
    with pytest.raises(RuntimeError, match="'cuda:2': torch sees 2 CUDA GPUs"):
        engine.check_device("cuda:2")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RuntimeError, match=r'torch sees 0 CUDA GPUs here\. Use device="cpu"'):
        dnn.Sequential(dnn.Dense(2, 2), device="cuda")
    monkeypatch.setattr(engine, "importlib", _WithoutTorch)
    for device in ("cpu", "cuda"):
        with pytest.raises(ImportError, match=r'not installed: pip install "dnnlib\[torch\]", or use device="numpy"'):
            dnn.Sequential(dnn.Dense(2, 2), device=device)
