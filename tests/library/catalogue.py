"""The one catalogue of layers, losses, optimizers and initializers. Whatever holds for all of them is tested by
walking through it, on every engine; `test_catalogue.py` fails for anything in the library that has no entry here.

A new layer needs one line in `LAYERS`: how to make it, and the torch module that does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import dnnlib as dnn
from dnnlib import engine

Array = Any  # numpy.ndarray or torch.Tensor

torch.set_num_threads(1)  # the networks here are so small that threads only wait for each other

DEVICES = ["numpy", "cpu", *(["cuda"] if torch.cuda.is_available() else [])]
DTYPES = ["float32", "float64"]
on_every_engine = pytest.mark.parametrize("device", DEVICES)
in_every_dtype = pytest.mark.parametrize("dtype", DTYPES)
on_every_torch_engine = pytest.mark.parametrize("device", DEVICES[1:])


@dataclass(frozen=True)
class LayerCase:
    """A layer for inputs of `features` features, and its torch counterpart with the same parameter names."""

    name: str
    make: Callable[[int], dnn.Layer]
    torch: Callable[[int], nn.Module]
    features: int = 3

    def width(self, features: int) -> int:
        """How many features come out where `features` go in."""
        shape = self.make(features).output_shape((features,))
        assert shape is not None
        return shape[-1]


@dataclass(frozen=True)
class LossCase:
    """A loss with one kind of target, `target(rng, batch, outputs)`, and the torch function that computes the same."""

    name: str
    make: Callable[[], dnn.Loss]
    torch: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    target: Callable[[np.random.Generator, int, int], np.ndarray]
    outputs: int = 4


@dataclass(frozen=True)
class OptimizerCase:
    """An optimizer and its torch counterpart, made from the list of parameters that it is to move."""

    name: str
    make: Callable[[], dnn.Optimizer]
    torch: Callable[[list[torch.Tensor]], torch.optim.Optimizer]


@dataclass(frozen=True)
class InitializerCase:
    """An initializer, torch's own that fills a tensor the same way, and the largest value it may draw, if any."""

    name: str
    torch: Callable[[torch.Tensor], Any]
    largest: Callable[[int, int], float] | None = None  # of (fan_in, fan_out)


def _numbers(rng: np.random.Generator, batch: int, outputs: int) -> np.ndarray:
    return rng.normal(size=(batch, outputs))


def _labels(rng: np.random.Generator, batch: int, outputs: int) -> np.ndarray:
    return rng.integers(outputs, size=batch)


def _one_hot(rng: np.random.Generator, batch: int, outputs: int) -> np.ndarray:
    return np.eye(outputs)[_labels(rng, batch, outputs)]


def _soft(rng: np.random.Generator, batch: int, outputs: int) -> np.ndarray:
    return rng.dirichlet(np.ones(outputs), size=batch)


LAYERS = [
    LayerCase("dense", lambda n: dnn.Dense(n, 4), lambda n: nn.Linear(n, 4)),
    LayerCase("dense-one-output", lambda n: dnn.Dense(n, 1), lambda n: nn.Linear(n, 1)),
    LayerCase("dense-square", lambda n: dnn.Dense(n, n), lambda n: nn.Linear(n, n)),
    LayerCase("dense-no-bias", lambda n: dnn.Dense(n, 2, bias=False), lambda n: nn.Linear(n, 2, bias=False)),
    LayerCase("relu", lambda n: dnn.ReLU(), lambda n: nn.ReLU()),
    LayerCase("sigmoid", lambda n: dnn.Sigmoid(), lambda n: nn.Sigmoid()),
    LayerCase("tanh", lambda n: dnn.Tanh(), lambda n: nn.Tanh()),
]

LOSSES = [
    LossCase("mse", dnn.MeanSquaredError, F.mse_loss, _numbers),
    LossCase("mse-one-output", dnn.MeanSquaredError, F.mse_loss, _numbers, outputs=1),
    LossCase("softmax-labels", dnn.SoftmaxCrossEntropy, F.cross_entropy, _labels),
    LossCase("softmax-one-hot", dnn.SoftmaxCrossEntropy, F.cross_entropy, _one_hot),
    LossCase("softmax-soft", dnn.SoftmaxCrossEntropy, F.cross_entropy, _soft),
]

OPTIMIZERS = [
    OptimizerCase("sgd", lambda: dnn.SGD(lr=0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    OptimizerCase(
        "sgd-momentum", lambda: dnn.SGD(lr=0.05, momentum=0.9), lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)
    ),
    OptimizerCase("adam", lambda: dnn.Adam(lr=0.01), lambda p: torch.optim.Adam(p, lr=0.01)),
    OptimizerCase(
        "adam-options",
        lambda: dnn.Adam(lr=0.02, betas=(0.5, 0.8), eps=1e-3),
        lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.5, 0.8), eps=1e-3),
    ),
]

INITIALIZERS = [
    InitializerCase("zeros", nn.init.zeros_, lambda n_in, n_out: 0.0),
    InitializerCase("normal", lambda w: nn.init.normal_(w, std=0.01)),
    InitializerCase("uniform", lambda w: nn.init.kaiming_uniform_(w, a=5**0.5), lambda n_in, n_out: n_in**-0.5),
    InitializerCase("xavier_uniform", nn.init.xavier_uniform_, lambda n_in, n_out: (6 / (n_in + n_out)) ** 0.5),
    InitializerCase("xavier_normal", nn.init.xavier_normal_),
    InitializerCase("kaiming_uniform", nn.init.kaiming_uniform_, lambda n_in, n_out: (6 / n_in) ** 0.5),
    InitializerCase("kaiming_normal", nn.init.kaiming_normal_),
]


def each(name: str, cases: list[Any]) -> pytest.MarkDecorator:
    """Run a test once for every entry of a list of the catalogue."""
    return pytest.mark.parametrize(name, cases, ids=[case.name for case in cases])


each_layer = each("layer", LAYERS)
each_loss = each("loss", LOSSES)
each_optimizer = each("optimizer", OPTIMIZERS)
each_initializer = each("initializer", INITIALIZERS)


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers between −2 and 2 that keep 0.05 away from 0, where ReLU and its like have no derivative."""
    rng = np.random.default_rng(seed)
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.05, 2.0, shape)


def put(values: np.ndarray, device: str, dtype: str | None = None) -> Array:
    """A copy of `values` on `device`; floating-point numbers in `dtype`, integers as they are."""
    return engine.to_device(values.copy(), device, dtype if values.dtype.kind == "f" else None)


def alone(layer: LayerCase, device: str = "numpy", dtype: str = "float64") -> dnn.Sequential:
    """A network of that layer alone."""
    return dnn.Sequential(layer.make(layer.features), seed=1, dtype=dtype, device=device)


def stack(layer: LayerCase, outputs: int, device: str = "numpy", dtype: str = "float64") -> dnn.Sequential:
    """That layer between two dense ones, for inputs of 5 features."""
    n = layer.features
    layers = dnn.Dense(5, n), layer.make(n), dnn.Dense(layer.width(n), outputs)
    return dnn.Sequential(*layers, seed=1, dtype=dtype, device=device)


def twin(model: dnn.Sequential, *modules: nn.Module) -> nn.Sequential:
    """torch's network of those modules, in float64, with the parameters of `model`."""
    network = nn.Sequential(*modules).double()
    network.load_state_dict({name: torch.tensor(engine.to_numpy(v)) for name, v in model.named_parameters()})
    return network


def stack_twin(model: dnn.Sequential, layer: LayerCase, outputs: int) -> nn.Sequential:
    """What `stack` makes, as torch's network."""
    n = layer.features
    return twin(model, nn.Linear(5, n), layer.torch(n), nn.Linear(layer.width(n), outputs))


def theta_of(network: nn.Module) -> np.ndarray:
    """All parameters of a torch network as one flat vector, in the order of θ."""
    parts = [p.detach().numpy().ravel() for p in network.parameters()]
    return np.concatenate(parts) if parts else np.zeros(0)


def grad_of(network: nn.Module) -> np.ndarray:
    """All gradients of a torch network as one flat vector, in the order of ∇L(θ)."""
    parts = [p.grad.numpy().ravel() for p in network.parameters() if p.grad is not None]
    return np.concatenate(parts) if parts else np.zeros(0)


def assert_close(found: Array, expected: Array, tolerance: float = 1e-9, what: str = "") -> None:
    """Every entry of `found` lies within `tolerance`, relative or absolute, of the one expected; shapes are equal."""
    found, expected = (engine.to_numpy(v) if engine.is_array(v) else np.asarray(v) for v in (found, expected))
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance, err_msg=what)
