"""What a layer must compute and move, counted from its equation: the two sides of the roofline. Lecture B12."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from dnnlib import layers
from dnnlib.checks import check_count
from dnnlib.layers import Layer
from dnnlib.model import Sequential
from dnnlib.models import Step, check_shape, steps


class Cost(NamedTuple):
    """What one forward pass of a batch takes of a layer: `flops` to compute, `bytes` to move.

    `name` is the layer's dotted name in the network, such as "3.body.0".
    """

    name: str
    layer: Layer
    flops: int
    bytes: int

    @property
    def intensity(self) -> float:
        """Flops for every byte, 0 where nothing is moved. Where it is low, it is the memory that takes the time."""
        return self.flops / self.bytes if self.bytes else 0.0


def _product(layer: Any, x: int, y: int) -> int:
    """Every output is a sum of products over what it sees, one multiplication and one addition each, and the bias."""
    seen = layer.in_channels * math.prod(layer.kernel_size) if isinstance(layer, layers.Conv2d) else layer.in_features
    return y * (2 * seen + layer.has_bias)


def _each(flops: int) -> Callable[[Any, int, int], int]:
    return lambda layer, x, y: flops * y


# The flops of a layer from the numbers that come in, x, and those that go out, y, of the whole batch.
FLOPS: dict[type[Layer], Callable[[Any, int, int], int]] = {
    layers.Dense: _product,
    layers.DropConnect: lambda layer, x, y: _product(layer, x, y) + layer.in_features * layer.out_features,
    layers.Conv2d: _product,
    layers.MaxPool2d: lambda layer, x, y: y * (math.prod(layer.kernel_size) - 1),
    layers.AvgPool2d: lambda layer, x, y: y * math.prod(layer.kernel_size),
    layers.GlobalAvgPool2d: lambda layer, x, y: x,
    layers.Maxout: lambda layer, x, y: y * (layer.group_size - 1),
    layers.BatchNorm: _each(6),
    layers.Softmax: _each(5),
    layers.Residual: _each(1),
    layers.Dropout: _each(1),
    layers.BinaryStep: _each(1),
    layers.Sigmoid: _each(1),
    layers.Tanh: _each(1),
    layers.ArcTan: _each(1),
    layers.ReLU: _each(1),
    layers.LeakyReLU: _each(1),
    layers.PReLU: _each(1),
    layers.ELU: _each(1),
    layers.Softplus: _each(1),
    layers.Flatten: _each(0),
    layers.Identity: _each(0),
}
VIEWS = (layers.Flatten, layers.Identity)  # they pass the same memory on


def layer_costs(model: Sequential, input_shape: tuple[int, ...], batch_size: int) -> list[Cost]:
    """The flops and bytes of one forward pass of a batch in training, for every layer, nested ones included.

    A multiplication is one flop, an addition or comparison another. For B examples of x numbers each, y after the
    layer:

    | layer | flops | which |
    |---|---|---|
    | Dense, DropConnect | B y (2 in_features + 1) | products, their sum, the bias |
    | Conv2d | B y (2 in_channels kh kw + 1) | the same, at every place |
    | MaxPool2d | B y (kh kw − 1) | comparisons |
    | AvgPool2d | B y kh kw | the sum, and the product by 1 / kh kw |
    | GlobalAvgPool2d | B x | likewise |
    | Maxout | B y (group_size − 1) | comparisons |
    | BatchNorm | 6 B y | mean 1, x − μ 1, variance 2, times γ/σ 1, plus β 1 |
    | Softmax | 5 B y | maximum, difference, exponential, sum, quotient |
    | Residual | B y | the sum of both ways; the layers on them have rows of their own |
    | other activations, Dropout | B y | a function is one flop, whichever it is |
    | Flatten, Identity | 0 | |

    Without a bias the + 1 is not there; `DropConnect` multiplies each weight by its mask besides.

    Bytes are what has to be read and written at least once: (B x + B y + parameters) times the bytes of a number in the
    model's dtype. `Residual` reads both of its ways, 2 B y + B y; `Flatten` and `Identity` pass the same memory on: 0.
    What caches and clever kernels save or waste is not in it, nor masks and running statistics.

    A backward pass takes about twice the flops of the forward pass: ∂L/∂W and ∂L/∂x are products of the same size.
    `input_shape` is the shape of one example. Raises TypeError for what is no network, TypeError or ValueError for a
    shape or a batch size that does not fit, and for a layer of your own, whose equation is not known here.
    Source: Williams, Waterman & Patterson (2009), the roofline model; lecture B12.
    """
    if not isinstance(model, Sequential):
        raise TypeError(f"layer_costs: expected a network such as dnnlib.lenet(), got {model!r}")
    shape = check_shape("layer_costs: input_shape", input_shape)
    batch = check_count("layer_costs: batch_size", batch_size)
    itemsize = np.dtype(model.dtype).itemsize
    return [_cost(step, batch, itemsize) for step in steps(model, shape)]


def _cost(step: Step, batch: int, itemsize: int) -> Cost:
    layer = step.layer
    if type(layer) not in FLOPS:
        raise TypeError(
            f"layer_costs: layer {step.name}, {layer}, is not one of the library's, so what it computes is not known "
            f"here; dnnlib.speed.time_steps measures any network"
        )
    x, y = (batch * math.prod(n or 0 for n in shape or ()) for shape in (step.input, step.output))
    flops = FLOPS[type(layer)](layer, x, y)
    read = 2 * y if isinstance(layer, layers.Residual) else x
    parameters = sum(math.prod(shape) for shape in layer.shapes().values())
    moved = 0 if isinstance(layer, VIEWS) else itemsize * (read + y + parameters)
    return Cost(step.name, layer, flops, moved)
