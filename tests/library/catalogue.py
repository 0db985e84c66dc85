"""The one catalogue of layers, losses, optimizers and initializers. Whatever holds for all of them is tested by
walking through it, on every engine; `test_catalogue.py` fails for anything in the library that has no entry here.

A new layer needs one line in `LAYERS`: how to make it, and the torch module that does the same.
"""

from __future__ import annotations

import copy
import math
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
    """A layer for inputs of `features` features, or of `features` channels of `image` = (height, width); and its torch
    counterpart with the same parameter names. A layer that draws at random has a counterpart with an `rng` attribute,
    from which it draws in the same order: `twin` gives it the network's.
    """

    name: str
    make: Callable[[int], dnn.Layer]
    torch: Callable[[int], nn.Module]
    features: int = 3
    multiple: int = 1  # features come in multiples of this
    image: tuple[int, int] | None = None
    least_batch: int = 1  # in training
    sees_bias: bool = True  # False where a constant added to every example changes nothing

    def shape(self, features: int | None = None) -> tuple[int, ...]:
        """The shape of one example of that many features or channels."""
        return (features or self.features, *(self.image or ()))

    def out_shape(self, features: int | None = None) -> tuple[int, ...]:
        """The shape of one example that comes out."""
        shape = self.make(features or self.features).output_shape(self.shape(features))
        assert shape is not None
        return shape  # type: ignore[return-value]

    @property
    def stack_shape(self) -> tuple[int, ...]:
        """The shape of one example for `stack`."""
        return (2, *self.image) if self.image else (5,)


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


def _fractions(rng: np.random.Generator, batch: int, outputs: int) -> np.ndarray:
    return rng.random((batch, outputs))


def _bits(rng: np.random.Generator, batch: int, outputs: int) -> np.ndarray:
    return rng.integers(2, size=batch if outputs == 1 else (batch, outputs))


def _quadratic_cost(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return F.mse_loss(prediction, target, reduction="sum") / (2 * len(target))


def _binary_cross_entropy(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return F.binary_cross_entropy_with_logits(prediction, target.reshape(prediction.shape).to(prediction))


class NumPyDropout(nn.Module):
    """torch's dropout with a mask that NumPy draws."""

    rng = np.random.default_rng(0)  # twin replaces it

    def __init__(self, p: float, inverted: bool = True) -> None:
        super().__init__()
        self.p, self.inverted = p, inverted

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x if self.inverted else (1 - self.p) * x
        dropped = torch.tensor(self.rng.random(tuple(x.shape), dtype=np.float32) < np.float32(self.p))
        return x.masked_fill(dropped, 0.0) / (1 - self.p if self.inverted and self.p < 1 else 1)


class NumPyDropConnect(nn.Linear):
    """torch's linear layer with dropout on its weight."""

    rng = np.random.default_rng(0)  # twin replaces it

    def __init__(self, n_in: int, n_out: int, p: float, bias: bool = True) -> None:
        super().__init__(n_in, n_out, bias)
        self.p = p

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = self.weight
        if self.training:
            dropped = torch.tensor(self.rng.random(tuple(weight.shape), dtype=np.float32) < np.float32(self.p))
            weight = weight.masked_fill(dropped, 0.0) / (1 - self.p)
        return F.linear(x, weight, self.bias)


class TorchFunction(nn.Module):
    """A function that torch has no module for."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


class TorchMaxout(nn.Module):
    """The largest of every `group_size` features or channels."""

    def __init__(self, group_size: int) -> None:
        super().__init__()
        self.group_size = group_size

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(1, (-1, self.group_size)).max(dim=2).values


class TorchResidual(nn.Module):
    """Two paths, added up."""

    def __init__(self, body: list[nn.Module], shortcut: list[nn.Module]) -> None:
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) + self.shortcut(x)


LAYERS = [
    LayerCase("dense", lambda n: dnn.Dense(n, 4), lambda n: nn.Linear(n, 4)),
    LayerCase("dense-one-output", lambda n: dnn.Dense(n, 1), lambda n: nn.Linear(n, 1)),
    LayerCase("dense-square", lambda n: dnn.Dense(n, n), lambda n: nn.Linear(n, n)),
    LayerCase("dense-no-bias", lambda n: dnn.Dense(n, 2, bias=False), lambda n: nn.Linear(n, 2, bias=False)),
    LayerCase("relu", lambda n: dnn.ReLU(), lambda n: nn.ReLU()),
    LayerCase("sigmoid", lambda n: dnn.Sigmoid(), lambda n: nn.Sigmoid()),
    LayerCase("tanh", lambda n: dnn.Tanh(), lambda n: nn.Tanh()),
    LayerCase("identity", lambda n: dnn.Identity(), lambda n: nn.Identity()),
    LayerCase("binary-step", lambda n: dnn.BinaryStep(), lambda n: TorchFunction(lambda z: (z > 0) + 0 * z)),
    LayerCase("arctan", lambda n: dnn.ArcTan(), lambda n: TorchFunction(torch.atan)),
    LayerCase("leaky-relu", lambda n: dnn.LeakyReLU(), lambda n: nn.LeakyReLU()),
    LayerCase("leaky-relu-steep", lambda n: dnn.LeakyReLU(1.7), lambda n: nn.LeakyReLU(1.7)),
    LayerCase("prelu", lambda n: dnn.PReLU(), lambda n: nn.PReLU()),
    LayerCase("prelu-by-feature", lambda n: dnn.PReLU(n, init=-0.5), lambda n: nn.PReLU(n)),
    LayerCase("prelu-image", lambda n: dnn.PReLU(), lambda n: nn.PReLU(), image=(3, 2)),
    LayerCase("prelu-by-channel", lambda n: dnn.PReLU(n), lambda n: nn.PReLU(n), image=(3, 2)),
    LayerCase("elu", lambda n: dnn.ELU(), lambda n: nn.ELU()),
    LayerCase("elu-alpha", lambda n: dnn.ELU(0.3), lambda n: nn.ELU(0.3)),
    LayerCase("softplus", lambda n: dnn.Softplus(), lambda n: nn.Softplus()),
    LayerCase("softmax", lambda n: dnn.Softmax(), lambda n: nn.Softmax(1)),
    LayerCase("softmax-image", lambda n: dnn.Softmax(), lambda n: nn.Softmax(1), image=(3, 2)),
    LayerCase("maxout-1", lambda n: dnn.Maxout(1), lambda n: TorchMaxout(1)),
    LayerCase("maxout-2", lambda n: dnn.Maxout(2), lambda n: TorchMaxout(2), features=4, multiple=2),
    LayerCase("maxout-3", lambda n: dnn.Maxout(3), lambda n: TorchMaxout(3), features=6, multiple=3),
    LayerCase("maxout-image", lambda n: dnn.Maxout(2), lambda n: TorchMaxout(2), features=4, multiple=2, image=(3, 2)),
    LayerCase("flatten", lambda n: dnn.Flatten(), lambda n: nn.Flatten(), image=(3, 2)),
    LayerCase("conv", lambda n: dnn.Conv2d(n, 2, 3), lambda n: nn.Conv2d(n, 2, 3), image=(5, 4)),
    LayerCase(
        "conv-pairs",
        lambda n: dnn.Conv2d(n, 3, (3, 2), stride=(2, 1), padding=(1, 2)),
        lambda n: nn.Conv2d(n, 3, (3, 2), stride=(2, 1), padding=(1, 2)),
        image=(4, 3),
    ),
    LayerCase(
        "conv-1x1",
        lambda n: dnn.Conv2d(n, 4, 1, stride=2, bias=False),
        lambda n: nn.Conv2d(n, 4, 1, stride=2, bias=False),
        image=(3, 4),
    ),
    LayerCase("max-pool", lambda n: dnn.MaxPool2d(2), lambda n: nn.MaxPool2d(2), image=(5, 4)),
    LayerCase("max-pool-overlap", lambda n: dnn.MaxPool2d(3, 2, 1), lambda n: nn.MaxPool2d(3, 2, 1), image=(5, 4)),
    LayerCase("avg-pool", lambda n: dnn.AvgPool2d(2), lambda n: nn.AvgPool2d(2), image=(5, 4)),
    LayerCase(
        "avg-pool-pairs",
        lambda n: dnn.AvgPool2d((3, 2), (1, 3), (1, 0)),
        lambda n: nn.AvgPool2d((3, 2), (1, 3), (1, 0)),
        image=(4, 5),
    ),
    LayerCase(
        "global-avg-pool",
        lambda n: dnn.GlobalAvgPool2d(),
        lambda n: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        image=(3, 2),
    ),
    LayerCase("batchnorm", lambda n: dnn.BatchNorm(n), lambda n: nn.BatchNorm1d(n), least_batch=2, sees_bias=False),
    LayerCase(
        "batchnorm-mean",
        lambda n: dnn.BatchNorm(n, eps=1e-3, momentum=None),
        lambda n: nn.BatchNorm1d(n, eps=1e-3, momentum=None),
        least_batch=2,
        sees_bias=False,
    ),
    LayerCase(
        "batchnorm-image", lambda n: dnn.BatchNorm(n), lambda n: nn.BatchNorm2d(n), image=(3, 2), sees_bias=False
    ),
    LayerCase("dropout", lambda n: dnn.Dropout(0.4), lambda n: NumPyDropout(0.4)),
    LayerCase("dropout-all", lambda n: dnn.Dropout(1.0), lambda n: NumPyDropout(1.0)),
    LayerCase("dropout-lecture", lambda n: dnn.Dropout(0.4, inverted=False), lambda n: NumPyDropout(0.4, False)),
    LayerCase("dropout-image", lambda n: dnn.Dropout(0.4), lambda n: NumPyDropout(0.4), image=(3, 2)),
    LayerCase("dropconnect", lambda n: dnn.DropConnect(n, 4, p=0.4), lambda n: NumPyDropConnect(n, 4, 0.4)),
    LayerCase(
        "dropconnect-no-bias",
        lambda n: dnn.DropConnect(n, 4, bias=False),
        lambda n: NumPyDropConnect(n, 4, 0.5, bias=False),
    ),
    LayerCase(
        "residual",
        lambda n: dnn.Residual([dnn.Dense(n, 4), dnn.Tanh(), dnn.Dense(4, n)]),
        lambda n: TorchResidual([nn.Linear(n, 4), nn.Tanh(), nn.Linear(4, n)], []),
    ),
    LayerCase(
        "residual-projection",
        lambda n: dnn.Residual([dnn.Tanh(), dnn.Dense(n, 4)], [dnn.Dense(n, 4, bias=False)]),
        lambda n: TorchResidual([nn.Tanh(), nn.Linear(n, 4)], [nn.Linear(n, 4, bias=False)]),
    ),
    LayerCase(
        "residual-image",
        lambda n: dnn.Residual(
            [dnn.Conv2d(n, 4, 3, 2, 1, bias=False), dnn.BatchNorm(4), dnn.ReLU(), dnn.Conv2d(4, 4, 3, padding=1)],
            [dnn.Conv2d(n, 4, 1, 2, bias=False), dnn.BatchNorm(4)],
        ),
        lambda n: TorchResidual(
            [nn.Conv2d(n, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1)],
            [nn.Conv2d(n, 4, 1, 2, bias=False), nn.BatchNorm2d(4)],
        ),
        image=(3, 4),
        sees_bias=False,
    ),
    LayerCase(
        "residual-without-parameters",
        lambda n: dnn.Residual([dnn.Sigmoid(), dnn.Dropout(0.3)], [dnn.ReLU()]),
        lambda n: TorchResidual([nn.Sigmoid(), NumPyDropout(0.3)], [nn.ReLU()]),
    ),
]

LOSSES = [
    LossCase("mse", dnn.MeanSquaredError, F.mse_loss, _numbers),
    LossCase("mse-one-output", dnn.MeanSquaredError, F.mse_loss, _numbers, outputs=1),
    LossCase("quadratic", dnn.QuadraticCost, _quadratic_cost, _numbers),
    LossCase("binary", dnn.BinaryCrossEntropy, _binary_cross_entropy, _fractions),
    LossCase("binary-one-output", dnn.BinaryCrossEntropy, _binary_cross_entropy, _bits, outputs=1),
    LossCase("softmax-labels", dnn.SoftmaxCrossEntropy, F.cross_entropy, _labels),
    LossCase("softmax-one-hot", dnn.SoftmaxCrossEntropy, F.cross_entropy, _one_hot),
    LossCase("softmax-soft", dnn.SoftmaxCrossEntropy, F.cross_entropy, _soft),
    LossCase(
        "softmax-smoothed",
        lambda: dnn.SoftmaxCrossEntropy(label_smoothing=0.1),
        lambda z, y: F.cross_entropy(z, y, label_smoothing=0.1),
        _labels,
    ),
]


def _nadam(parameters: list[torch.Tensor], **options: Any) -> torch.optim.Optimizer:
    """torch's NAdam; the product of its momenta, which torch keeps in float32, here in float64."""
    optimizer = torch.optim.NAdam(parameters, **options)
    for p in parameters:
        products = {"step": torch.tensor(0.0), "mu_product": torch.ones((), dtype=torch.float64)}
        optimizer.state[p] = products | {"exp_avg": torch.zeros_like(p), "exp_avg_sq": torch.zeros_like(p)}
    return optimizer


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
    OptimizerCase(
        "sgd-nesterov",
        lambda: dnn.SGD(lr=0.05, momentum=0.9, nesterov=True),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    ),
    OptimizerCase("adagrad", lambda: dnn.Adagrad(), lambda p: torch.optim.Adagrad(p)),
    OptimizerCase(
        "adagrad-options", lambda: dnn.Adagrad(lr=0.1, eps=1e-3), lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-3)
    ),
    OptimizerCase("rmsprop", lambda: dnn.RMSprop(), lambda p: torch.optim.RMSprop(p)),
    OptimizerCase(
        "rmsprop-options",
        lambda: dnn.RMSprop(lr=0.02, alpha=0.8, eps=1e-3),
        lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.8, eps=1e-3),
    ),
    OptimizerCase("adadelta", lambda: dnn.Adadelta(), lambda p: torch.optim.Adadelta(p)),
    OptimizerCase(
        "adadelta-options",
        lambda: dnn.Adadelta(lr=0.5, rho=0.7, eps=1e-3),
        lambda p: torch.optim.Adadelta(p, lr=0.5, rho=0.7, eps=1e-3),
    ),
    OptimizerCase("adamw", lambda: dnn.AdamW(), lambda p: torch.optim.AdamW(p)),
    OptimizerCase(
        "adamw-options",
        lambda: dnn.AdamW(lr=0.02, betas=(0.5, 0.8), eps=1e-3, weight_decay=0.1),
        lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.5, 0.8), eps=1e-3, weight_decay=0.1),
    ),
    OptimizerCase("nadam", lambda: dnn.NAdam(), _nadam),
    OptimizerCase(
        "nadam-options",
        lambda: dnn.NAdam(lr=0.02, betas=(0.5, 0.8), eps=1e-3, momentum_decay=0.1),
        lambda p: _nadam(p, lr=0.02, betas=(0.5, 0.8), eps=1e-3, momentum_decay=0.1),
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


def last(layer: LayerCase, outputs: int) -> list[dnn.Layer]:
    """What makes `outputs` numbers of what comes out of the layer."""
    shape = layer.out_shape()
    return [*([dnn.Flatten()] if len(shape) > 1 else []), dnn.Dense(math.prod(shape), outputs)]


def stack(layer: LayerCase, outputs: int, device: str = "numpy", dtype: str = "float64") -> dnn.Sequential:
    """That layer between two others, for examples of `layer.stack_shape`."""
    n = layer.features
    first = dnn.Conv2d(2, n, 1, bias=layer.sees_bias) if layer.image else dnn.Dense(5, n, bias=layer.sees_bias)
    return dnn.Sequential(first, layer.make(n), *last(layer, outputs), seed=1, dtype=dtype, device=device)


def twin(model: dnn.Sequential, *modules: nn.Module) -> nn.Sequential:
    """torch's network of those modules, in float64, with the parameters, buffers and next random draws of `model`."""
    network = nn.Sequential(*modules).double()
    named = (*model.named_parameters(), *model.named_buffers())
    network.load_state_dict({name: torch.tensor(engine.to_numpy(v)) for name, v in named})
    rng = copy.deepcopy(model.rng)
    for module in network.modules():
        if hasattr(module, "rng"):
            module.rng = rng
    return network.train(model.training)


def stack_modules(layer: LayerCase, outputs: int) -> list[nn.Module]:
    """What `stack` makes, as torch's modules."""
    n, shape = layer.features, layer.out_shape()
    first = nn.Conv2d(2, n, 1, bias=layer.sees_bias) if layer.image else nn.Linear(5, n, bias=layer.sees_bias)
    return [first, layer.torch(n), *([nn.Flatten()] if len(shape) > 1 else []), nn.Linear(math.prod(shape), outputs)]


def stack_twin(model: dnn.Sequential, layer: LayerCase, outputs: int) -> nn.Sequential:
    """What `stack` makes, as torch's network."""
    return twin(model, *stack_modules(layer, outputs))


def buffers_of(network: nn.Module) -> np.ndarray:
    """All buffers of a torch network as one flat vector, in the order of the state."""
    parts = [b.detach().double().numpy().ravel() for b in network.buffers()]
    return np.concatenate(parts) if parts else np.zeros(0)


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
