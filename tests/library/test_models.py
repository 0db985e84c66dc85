"""The ready networks are those of the papers, with as many parameters as they say."""

from typing import Any

import numpy as np
import pytest
import torch
from catalogue import TorchResidual, assert_close, grad_of, in_every_dtype, numbers, on_every_engine, twin
from mistakes import CE, Row, check, rows
from torch import nn

import dnnlib as dnn
from dnnlib.models import steps

COUNTS = [
    (dnn.mlp, (784, 500, 500, 10), 648_010),
    (dnn.lenet, (), 61_706),
    (dnn.plain_net, (20,), 269_722),
    (dnn.plain_net, (32,), 464_154),
    (dnn.plain_net, (44,), 658_586),
    (dnn.plain_net, (56,), 853_018),
    (dnn.resnet, (8,), 78_042),
    (dnn.resnet, (14,), 175_258),
    (dnn.resnet, (20,), 272_474),
    (dnn.resnet, (32,), 466_906),
    (dnn.resnet, (44,), 661_338),
    (dnn.resnet, (56,), 855_770),
    (dnn.resnet, (110,), 1_730_714),
]


@pytest.mark.parametrize(("make", "arguments", "count"), COUNTS)
def test_parameter_counts(make: Any, arguments: tuple[int, ...], count: int) -> None:
    """And the docstring names the number."""
    assert len(make(*arguments).theta) == count
    assert f"{count:,}".replace(",", " ") in make.__doc__


def test_parameter_counts_of_the_paper() -> None:
    """He et al., table 6, in millions; there the shortcuts are without parameters, and so are those of a plain net."""
    for depth, millions in {20: 0.27, 32: 0.46, 44: 0.66, 56: 0.85, 110: 1.7}.items():
        plain, residual = len(dnn.plain_net(depth).theta), len(dnn.resnet(depth).theta)
        assert plain / 1e6 == pytest.approx(millions, rel=0.02)
        assert residual - plain == 2752
    assert "2 752 more" in dnn.resnet.__doc__
    counted = [len(layer.shapes()["weight"]) for _, layer in dnn.plain_net(44).named_layers() if layer.shapes()]
    assert counted.count(4) + counted.count(2) == 44, "depth counts the layers with a weight matrix"


def torch_convolution(n_in: int, n_out: int, stride: int, size: int = 3) -> list[nn.Module]:
    return [nn.Conv2d(n_in, n_out, size, stride, padding=size // 2, bias=False), nn.BatchNorm2d(n_out)]


def torch_net(residual: bool) -> list[nn.Module]:
    """The paper's network of depth 14 (n = 2), written out."""
    modules: list[nn.Module] = [*torch_convolution(3, 16, 1), nn.ReLU()]
    for n_in, n_out, stride in [(16, 16, 1), (16, 16, 1), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1)]:
        body = [*torch_convolution(n_in, n_out, stride), nn.ReLU(), *torch_convolution(n_out, n_out, 1)]
        shortcut = torch_convolution(n_in, n_out, stride, size=1) if n_in != n_out else []
        modules += [TorchResidual(body, shortcut), nn.ReLU()] if residual else [*body, nn.ReLU()]
    return [*modules, nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), nn.Linear(64, 10)]


@pytest.mark.parametrize("residual", [True, False], ids=["resnet", "plain"])
def test_deep_networks_against_torch(residual: bool) -> None:
    """Outputs in training and testing, and gradients."""
    model = (dnn.resnet if residual else dnn.plain_net)(14, dtype="float64", seed=2)
    net = twin(model, *torch_net(residual))
    x, y = numbers(4, 3, 16, 16), np.arange(4)
    for training in (True, False):
        output = model.train(training).forward(x)
        expected = net.train(training)(torch.tensor(x))
        assert_close(output, expected, 1e-8, what="outputs")
    model.train().loss_and_grad(x, y, CE())
    nn.functional.cross_entropy(net.train()(torch.tensor(x)), torch.tensor(y)).backward()
    assert_close(model.grad, grad_of(net), 1e-8, what="gradients of theta")


def test_lenet_against_torch() -> None:
    model = dnn.lenet(dtype="float64")
    net = twin(
        model,
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )
    x = numbers(3, 1, 28, 28)
    assert_close(model.forward(x), net(torch.tensor(x)))


def test_lenet_for_other_images() -> None:
    """The smallest, uneven ones, several channels, other classes and activations."""
    for shape, features in (((1, 12, 12), 16), ((3, 32, 32), 576), ((2, 13, 30), 80)):
        model = dnn.lenet(shape, classes=4, activation=dnn.Tanh)
        assert model.layers[7].in_features == features
        assert model(numbers(2, *shape)).shape == (2, 4)
        assert [type(layer).__name__ for layer in model.layers].count("Tanh") == 4


def test_mlp() -> None:
    model = dnn.mlp(4, 6, 3, activation=lambda: dnn.LeakyReLU(0.2), weight_init="kaiming_normal")
    assert [repr(layer) for layer in model.layers] == ["Dense(4, 6)", "LeakyReLU(negative_slope=0.2)", "Dense(6, 3)"]
    assert not model.layers[0].bias.any()
    assert [repr(layer) for layer in dnn.mlp(4, 3).layers] == ["Dense(4, 3)"]
    assert len({id(layer) for layer in dnn.mlp(4, 3, 3, 2).layers}) == 5


@on_every_engine
@in_every_dtype
def test_seed_dtype_and_device(device: str, dtype: str) -> None:
    makers = (
        lambda **o: dnn.mlp(4, 3, **o),
        dnn.lenet,
        *(lambda m=m, **o: m(8, **o) for m in (dnn.plain_net, dnn.resnet)),
    )
    for make in makers:
        model = make(seed=3, dtype=dtype, device=device)
        assert (model.dtype, model.device) == (dtype, device)
        assert bool((model.theta == make(seed=3, dtype=dtype, device=device).theta).all())
        assert bool((model.theta != make(seed=4, dtype=dtype, device=device).theta).any())


@pytest.mark.parametrize("make", [dnn.plain_net, dnn.resnet])
def test_convolutions_start_as_he_et_al_do(make: Any) -> None:
    """N(0, 2/n) with n = k²·c: the deviation of so many draws within 5 %; no bias anywhere but in the last layer."""
    model = make(14)
    kernels = {name: v for name, v in model.named_parameters() if v.ndim == 4 and v.size > 4000}
    assert len(kernels) == 8
    for name, kernel in kernels.items():
        assert kernel.std() == pytest.approx((2 / kernel[0].size) ** 0.5, rel=0.05), name
        assert abs(kernel).max() > 3 * kernel.std(), "normal, not uniform"
    assert all(not layer.has_bias for _, layer in model.named_layers() if isinstance(layer, dnn.Conv2d))


def test_width_channels_and_classes() -> None:
    model = dnn.resnet(8, in_channels=1, classes=7, width=4)
    assert model(numbers(2, 1, 12, 9)).shape == (2, 7)
    assert [layer.num_features for layer in model.layers if isinstance(layer, dnn.BatchNorm)] == [4]
    assert steps(model)[-1].layer.in_features == 16


@pytest.mark.parametrize("make", [dnn.plain_net, dnn.resnet])
def test_each_stage_halves_the_image(make: Any) -> None:
    shapes = [step.output for step in steps(make(14), (3, 32, 32)) if isinstance(step.layer, dnn.ReLU)]
    top = [shape for shape, following in zip(shapes, [*shapes[1:], None], strict=True) if shape != following]
    assert top == [(16, 32, 32), (32, 16, 16), (64, 8, 8)]


@pytest.mark.parametrize(
    "make", [lambda: dnn.lenet((3, 12, 12)), lambda: dnn.plain_net(8, width=4), lambda: dnn.resnet(8, width=4)]
)
def test_they_learn(make: Any) -> None:
    """A few examples by heart."""
    model, x, y = make(), numbers(20, 3, 12, 12), np.arange(20) % 10
    model.fit(x, y, loss=CE(), optimizer=dnn.Adam(lr=0.01), batch_size=20, epochs=40)
    with model.mode(training=True):  # running statistics are still on their way
        assert (model(x).argmax(1) == y).mean() > 0.9


REFUSALS: list[Row] = [
    ("one size", lambda: dnn.mlp(784), ValueError, ["mlp: needs at least an input and an output size", "(784,)"]),
    ("no size", dnn.mlp, ValueError, ["mlp: needs at least", "mlp(784, 500, 10)"]),
    ("a list of sizes", lambda: dnn.mlp([4, 3], 2), TypeError, ["Dense: in_features must be an integer", "[4, 3]"]),
    ("no neurons", lambda: dnn.mlp(4, 0, 3), ValueError, ["Dense: out_features must be at least 1, got 0"]),
    (
        "a layer",
        lambda: dnn.mlp(4, 3, 2, activation=dnn.ReLU()),
        TypeError,
        ["mlp: activation", "dnnlib.ReLU", "ReLU()"],
    ),
    ("a name", lambda: dnn.lenet(activation="relu"), TypeError, ["lenet: activation must be what makes", "'relu'"]),
    ("no layer", lambda: dnn.mlp(4, 3, 2, activation=dict), TypeError, ["layer 1 must be a layer", "{}"]),
    (
        "digits",
        lambda: dnn.lenet((1, 8, 8)),
        ValueError,
        ["lenet: input_shape", "at least 12 × 12", "(1, 8, 8)", "mlp"],
    ),
    ("narrow", lambda: dnn.lenet((1, 30, 11)), ValueError, ["at least 12 × 12 pixels, got (1, 30, 11)"]),
    ("no channels", lambda: dnn.lenet((28, 28)), ValueError, ["(channels, height, width)", "(28, 28)"]),
    ("a side", lambda: dnn.lenet(28), TypeError, ["lenet: input_shape must be the shape of one example", "got 28"]),
    ("no classes", lambda: dnn.lenet(classes=0), ValueError, ["Dense: out_features must be at least 1, got 0"]),
    ("depth 18", lambda: dnn.resnet(18), ValueError, ["resnet: depth must be 6n + 2, such as 8, 14, 20", "got 18"]),
    ("depth 2", lambda: dnn.plain_net(2), ValueError, ["plain_net: depth must be 6n + 2", "got 2"]),
    ("depth −4", lambda: dnn.plain_net(-4), ValueError, ["plain_net: depth must be 6n + 2", "got -4"]),
    ("depth as float", lambda: dnn.resnet(20.0), ValueError, ["resnet: depth must be 6n + 2", "20.0"]),
    ("depth as text", lambda: dnn.resnet("20"), ValueError, ["resnet: depth must be 6n + 2", "'20'"]),
    ("no width", lambda: dnn.resnet(8, width=0), ValueError, ["Conv2d: out_channels", "got 0"]),
    ("unknown option", lambda: dnn.resnet(8, depths=3), TypeError, ["unexpected keyword argument 'depths'"]),
    ("wrong dtype", lambda: dnn.mlp(4, 3, dtype="half"), ValueError, ["dtype", "'half'"]),
]


@rows(REFUSALS)
def test_refusals(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
