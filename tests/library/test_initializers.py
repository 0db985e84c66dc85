"""Fan in and fan out as torch counts them, the names that layers take, and why the start matters."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from catalogue import InitializerCase, each_initializer, on_every_engine
from mistakes import Row, check, rows

import dnnlib as dnn
from dnnlib import engine, initializers


@pytest.mark.parametrize("shape", [(3, 5), (1, 1), (8, 4, 3, 3), (8, 4, 5, 1), (2, 3, 7)])
def test_fans(shape: tuple[int, ...]) -> None:
    """(out, in, kernel …): a kernel's area counts for both."""
    assert initializers.fans(shape) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


@on_every_engine
@each_initializer
@pytest.mark.parametrize(
    "make",
    [
        lambda start: dnn.Dense(40, 50, weight_init=start),
        lambda start: dnn.Conv2d(20, 30, 3, weight_init=start),
        lambda start: dnn.DropConnect(40, 50, weight_init=start),
    ],
    ids=["dense", "convolution", "dropconnect"],
)
def test_layers_take_names(make: Callable[[object], dnn.Layer], initializer: InitializerCase, device: str) -> None:
    """A name and the function behind it are one start; the bias starts at 0."""
    starts = []
    for given in (initializer.name, initializers.get(initializer.name)):
        layer = make(given)
        dnn.Sequential(layer, seed=3, dtype="float64", device=device)
        starts.append(engine.to_numpy(layer.weight))
        assert not engine.to_numpy(layer.bias).any()
    np.testing.assert_array_equal(*starts)
    expected = initializers.get(initializer.name)(starts[0].shape, np.random.default_rng(3))
    np.testing.assert_array_equal(starts[0], expected)


def test_conv_starts_as_torch_does() -> None:
    """Without a name, U(−1/√n_in, 1/√n_in) for weight and bias, with n_in = channels times the kernel's area."""
    layer, module = dnn.Conv2d(16, 200, 5), torch.nn.Conv2d(16, 200, 5)
    dnn.Sequential(layer, seed=3)
    for name in ("weight", "bias"):
        ours, theirs = getattr(layer, name), getattr(module, name).detach().numpy()
        assert ours.std() == pytest.approx(theirs.std(), rel=0.15)
        assert 0.9 / 20 < abs(ours).max() <= np.float32(1 / 20)
        assert 0.9 / 20 < abs(theirs).max() <= np.float32(1 / 20)


def depth(start: str, activation: Callable[[], dnn.Layer]) -> float:
    """How many times larger the signals are behind 20 layers of 200 neurons than behind the first."""
    x = np.random.default_rng(0).normal(size=(200, 200))
    pairs = [(dnn.Dense(200, 200, weight_init=start), activation()) for _ in range(20)]
    model = dnn.Sequential(*(layer for pair in pairs for layer in pair), seed=1)
    spread = []
    for layer in model.layers:
        x = layer.forward(x)
        spread.append(np.sqrt((x * x).mean()))
    return float(spread[-1] / spread[1])


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_the_right_start_keeps_signals_level(kind: str) -> None:
    """He's for ReLU, Glorot's for layers that are linear around 0; lecture A16's small normal numbers die out."""
    assert 0.5 < depth(f"kaiming_{kind}", dnn.ReLU) < 2
    assert 0.5 < depth(f"xavier_{kind}", dnn.Identity) < 2
    assert 0.1 < depth(f"xavier_{kind}", dnn.Tanh) < 1
    assert depth(f"xavier_{kind}", dnn.ReLU) < 0.01
    assert depth(f"kaiming_{kind}", dnn.Identity) > 100
    assert depth("normal", dnn.Tanh) < 1e-10


def test_all_zeros_keeps_neurons_alike() -> None:
    """Lecture A16: "sometimes will fail". No gradient reaches the first layer; nothing tells its neurons apart."""
    x, y = np.random.default_rng(0).normal(size=(50, 4)), np.arange(50) % 3
    layers = dnn.Dense(4, 6, weight_init="zeros"), dnn.Tanh(), dnn.Dense(6, 3, weight_init="zeros")
    model = dnn.Sequential(*layers, dtype="float64")
    model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.5), epochs=5)
    assert not model.layers[0].weight.any()
    assert not model.layers[2].weight.any()
    assert model.layers[2].bias.any()


WRONG: list[Row] = [
    (f"{start!r}", lambda start=start: initializers.get(start), ValueError, ["initializer", "zeros", repr(start)])
    for start in ("xavier", "", 0, None, ["zeros"], {"zeros": 1})
]


@rows(WRONG)
def test_wrong_names(do: Callable[[], object], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
