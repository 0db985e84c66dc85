"""Networks of the lectures and the papers, ready to train, and `summary`, the table of what a network is made of.

Lectures C06, C10, D01, D05, D06.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from dnnlib import initializers
from dnnlib.layers import BatchNorm, Conv2d, Dense, Flatten, GlobalAvgPool2d, Layer, MaxPool2d, ReLU, Residual
from dnnlib.layers.base import Shape
from dnnlib.model import Sequential

COLUMNS = 84  # of a table by `summary`: what a page of the book is wide

MakeLayer = Callable[[], Layer]  # such as ReLU: called once for every place that needs a layer of its own


def _check_activation(network: str, activation: Any) -> None:
    if isinstance(activation, Layer) or not callable(activation):
        raise TypeError(
            f"{network}: activation must be what makes a layer, such as dnnlib.ReLU or lambda: dnnlib.LeakyReLU(0.1), "
            f"as every place gets one of its own; got {activation!r}"
        )


def mlp(
    *sizes: int,
    activation: MakeLayer = ReLU,
    weight_init: str | initializers.Initializer | None = None,
    **options: Any,
) -> Sequential:
    """Dense layers with an activation after each but the last: a multi-layer perceptron.

    `sizes` are the numbers of neurons from input to output: mlp(784, 500, 500, 10) is the lectures' network for MNIST,
    of Σ (n_in + 1) n_out = 648 010 parameters. `weight_init` as in `Dense`; `seed`, `dtype` and `device` as in
    `Sequential`.

    Input (B, sizes[0]), output (B, sizes[-1]). Raises ValueError for fewer than two sizes, TypeError for an activation
    that makes no layer, and what `Dense` raises. Source: lectures C06, C10.
    """
    if len(sizes) < 2:
        raise ValueError(f"mlp: needs at least an input and an output size, such as mlp(784, 500, 10); got {sizes}")
    _check_activation("mlp", activation)
    layers: list[Layer] = []
    for n_in, n_out in pairwise(sizes):
        layers += [Dense(n_in, n_out, weight_init=weight_init), activation()]
    return Sequential(*layers[:-1], **options)


def lenet(
    input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10, activation: MakeLayer = ReLU, **options: Any
) -> Sequential:
    """LeNet-5 as it is taught today: two convolutions of 5 × 5 with pooling, then dense layers 400-120-84-10.

        Conv2d(1, 6, 5, padding=2) · ReLU · MaxPool2d(2) · Conv2d(6, 16, 5) · ReLU · MaxPool2d(2) · Flatten ·
        Dense(400, 120) · ReLU · Dense(120, 84) · ReLU · Dense(84, 10)

    61 706 parameters for MNIST's 1 × 28 × 28. The padding makes of them the paper's 32 × 32. The paper has tanh,
    pooling by averages with a learned factor, a second convolution that sees only some of the first one's channels,
    and an output layer of radial basis functions: about 60 000 parameters.

    Input (B, *input_shape), output (B, classes). The first dense layer is as wide as `input_shape` asks for. `seed`,
    `dtype` and `device` as in `Sequential`. Raises ValueError for images below 12 × 12, of which nothing is left.
    Source: LeCun, Bottou, Bengio & Haffner (1998); lecture D01.
    """
    shape = check_shape("lenet: input_shape", input_shape)
    _check_activation("lenet", activation)
    if len(shape) != 3 or min(shape[1:]) < 12:
        raise ValueError(
            f"lenet: input_shape must be (channels, height, width) with at least 12 × 12 pixels, got {shape}: two "
            f"convolutions of 5 × 5 and two poolings leave nothing of a smaller image. mlp takes it as a vector"
        )
    images: list[Layer] = [Conv2d(shape[0], 6, 5, padding=2), activation(), MaxPool2d(2)]
    images += [Conv2d(6, 16, 5), activation(), MaxPool2d(2), Flatten()]
    features: Any = shape
    for layer in images:
        features = layer.output_shape(features)
    dense = [Dense(features[0], 120), activation(), Dense(120, 84), activation(), Dense(84, classes)]
    return Sequential(*images, *dense, **options)


def plain_net(depth: int, in_channels: int = 3, classes: int = 10, width: int = 16, **options: Any) -> Sequential:
    """`resnet` without its shortcuts: what He et al. compare it with. Beyond 20 layers it learns worse, not better.

    269 722 parameters for depth 20, 464 154 for 32, 658 586 for 44, 853 018 for 56. Shapes, options and errors as in
    `resnet`. Source: He, Zhang, Ren & Sun (2016), section 4.2; lecture D05.
    """
    return Sequential(*_cifar("plain_net", depth, in_channels, classes, width, residual=False), **options)


def resnet(depth: int, in_channels: int = 3, classes: int = 10, width: int = 16, **options: Any) -> Sequential:
    """The residual network of `depth` = 6n + 2 layers that He et al. train on CIFAR-10: 3 stages of n blocks.

        stem:     Conv2d(3, 16, 3) · BatchNorm · ReLU
        block:    Residual([Conv2d(3 × 3) · BatchNorm · ReLU · Conv2d(3 × 3) · BatchNorm]) · ReLU
        stages:   n blocks of 16 channels, n of 32, n of 64; the first block of the 2nd and 3rd has stride 2
        head:     GlobalAvgPool2d · Dense(64, 10)

    Convolutions have padding 1 and no bias (BatchNorm adds its own). They start from the normal distribution of He et
    al. (2015), as in the paper, here by fan-in; the dense layer starts as every `Dense`. Where the image shrinks, the
    shortcut is a projection, Conv2d(1 × 1, stride 2) · BatchNorm: the paper's option B. Its CIFAR networks have option
    A, which drops every second pixel and fills the new channels with zeros, without parameters. B has 2 752 more:

    | depth | 8 | 14 | 20 | 32 | 44 | 56 | 110 |
    |---|---|---|---|---|---|---|---|
    | here (B) | 78 042 | 175 258 | 272 474 | 466 906 | 661 338 | 855 770 | 1 730 714 |
    | paper (A) | | | 0.27 M | 0.46 M | 0.66 M | 0.85 M | 1.7 M |

    Input (B, in_channels, H, W) of any H and W, output (B, classes). `width` is the channels of the first stage.
    `seed`, `dtype` and `device` as in `Sequential`. Raises ValueError for a depth that is not 6n + 2.
    Source: He, Zhang, Ren & Sun (2016), section 4.2; lectures D05, D06.
    """
    return Sequential(*_cifar("resnet", depth, in_channels, classes, width, residual=True), **options)


def _cifar(network: str, depth: int, in_channels: int, classes: int, width: int, residual: bool) -> list[Layer]:
    if not isinstance(depth, (int, np.integer)) or isinstance(depth, bool) or depth < 8 or depth % 6 != 2:
        raise ValueError(f"{network}: depth must be 6n + 2, such as 8, 14, 20, 32, 44, 56 or 110; got {depth!r}")
    layers = [_convolution(in_channels, width, 3, 1), BatchNorm(width), ReLU()]
    channels = width
    for stage in range(3):
        for block in range((depth - 2) // 6):
            stride, out = (2 if stage and not block else 1), width * 2**stage
            body = [_convolution(channels, out, 3, stride), BatchNorm(out), ReLU()]
            body += [_convolution(out, out, 3, 1), BatchNorm(out)]
            projection = [_convolution(channels, out, 1, stride), BatchNorm(out)] if stride > 1 else []
            layers += [Residual(body, projection), ReLU()] if residual else [*body, ReLU()]
            channels = out
    return [*layers, GlobalAvgPool2d(), Dense(channels, classes)]


def _convolution(in_channels: int, out_channels: int, kernel_size: int, stride: int) -> Layer:
    return Conv2d(
        in_channels,
        out_channels,
        kernel_size,
        stride,
        padding=kernel_size // 2,
        bias=False,
        weight_init="kaiming_normal",
    )


class Step(NamedTuple):
    """A layer on the way of an example through the network: its dotted name, the shapes of its input and output."""

    name: str
    layer: Layer
    input: Shape | None
    output: Shape | None


def check_shape(name: str, shape: Any) -> tuple[int, ...]:
    """`shape` as a tuple. Raises TypeError or ValueError if it is not the shape of one example."""
    integers = isinstance(shape, (tuple, list)) and all(
        isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in shape
    )
    if not integers:
        raise TypeError(f"{name} must be the shape of one example, such as (784,) or (3, 32, 32); got {shape!r}")
    if not shape or min(shape) < 1:
        raise ValueError(f"{name} must be the shape of one example, of lengths of at least 1; got {tuple(shape)}")
    return tuple(int(n) for n in shape)


def steps(model: Sequential, input_shape: tuple[int, ...] | None = None) -> list[Step]:
    """All layers of the network, nested ones included, with the shapes of what goes in and comes out.

    Without `input_shape`, shapes are what the layers tell by themselves, None where they cannot. Raises TypeError or
    ValueError for what is no shape, ValueError where a layer cannot take what reaches it.
    """
    shape: Shape | None = None if input_shape is None else check_shape("input_shape", input_shape)
    if shape is None and isinstance(model.layers[0], Dense):
        shape = (model.layers[0].in_features,)
    found: list[Step] = []
    for position, layer in enumerate(model.layers):
        try:
            found += _inside(str(position), layer, shape)
        except ValueError as error:
            raise ValueError(f"layer {position} does not fit input_shape {input_shape}: {error}") from None
        shape = layer.output_shape(shape)
    return found


def _inside(name: str, layer: Layer, shape: Shape | None) -> Iterator[Step]:
    """The layer and those that it is made of: rows of layers ("body.0", "body.1" …) that all begin with its input."""
    yield Step(name, layer, shape, layer.output_shape(shape))
    reached: dict[str, Shape | None] = {}
    for below, child in layer.children().items():
        row = below.rpartition(".")[0]
        before = reached.get(row, shape)
        yield from _inside(f"{name}.{below}", child, before)
        reached[row] = child.output_shape(before)


def summary(model: Sequential, input_shape: tuple[int, ...] | None = None) -> str:
    """A table of the network's layers, the shape of one example after each, and its parameters: print(summary(model)).

    The layers of a block such as `Residual` stand below it, indented. `input_shape` is the shape of one example; where
    the network does not begin with a `Dense` layer it is needed to know the others, which else are "?".

    Raises TypeError or ValueError for an `input_shape` that is none or does not fit the layers. Source: lecture C10.
    """
    found = steps(model, input_shape)
    rows = [("layer", "output shape", "parameters"), ("input", _shape(found[0].input), "")]
    for step in found:
        *block, position = step.name.rsplit(".", 2)
        indent = "  " * (step.name.count(".") // 2)
        row = f"{block[-1]}.{position}" if block else f"{position:2}"
        own = sum(math.prod(shape) for shape in step.layer.shapes().values())
        inside = bool(step.layer.children())
        text = type(step.layer).__name__ if inside else repr(step.layer)
        rows.append((f"{indent}{row} {text}", _shape(step.output), "" if inside else f"{own:,}"))
    _, shape_width, number_width = (max(len(row[column]) for row in rows) for column in range(3))
    width = min(max(len(row[0]) for row in rows), COLUMNS - 4 - shape_width - number_width)
    lines = [f"{_cut(a, width):{width}}  {b:>{shape_width}}  {c:>{number_width}}".rstrip() for a, b, c in rows]
    count, remembered = len(model.theta), len(model.state)
    megabytes = count * np.dtype(model.dtype).itemsize / 1e6
    lines.append(f"{count:,} parameters, {megabytes:.1f} MB in {model.dtype}, and as much for their gradients")
    if remembered:
        lines.append(f"{remembered:,} numbers beside them are remembered, not learned: running statistics")
    if any(step.output is None or None in step.output for step in found):
        lines.append("?: not known without input_shape, the shape of one example, such as (3, 32, 32)")
    return "\n".join(lines)


def _shape(shape: Shape | None) -> str:
    return " × ".join("?" if n is None else str(n) for n in shape) if shape else "?"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
