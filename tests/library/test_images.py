"""Convolution and pooling: against torch for any kernel, stride, padding and image; by hand; in any memory layout."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from catalogue import assert_close, grad_of, in_every_dtype, numbers, on_every_engine, put, theta_of, twin
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from torch import nn

import dnnlib as dnn
from dnnlib import engine, initializers
from dnnlib.layers import windows

SIZES, PAIRS = st.integers(1, 4), st.tuples(st.integers(1, 3), st.integers(1, 3))
PADDINGS = st.tuples(st.integers(0, 2), st.integers(0, 2))
IMAGES = st.tuples(SIZES, SIZES, st.integers(1, 7), st.integers(1, 7))
TILES = st.sampled_from([1, 40, 1 << 19])  # one pixel at a time, several tiles, one tile
drawn = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def network(*layers: dnn.Layer, device: str = "numpy", dtype: str = "float64") -> dnn.Sequential:
    return dnn.Sequential(*layers, seed=1, dtype=dtype, device=device)


def expect_torchs(layer: dnn.Layer, module: nn.Module, x: np.ndarray, device: str) -> None:
    """Outputs and all gradients are those of torch's module."""
    model = network(layer, device=device)
    ours = twin(model, module)
    x_torch = torch.tensor(x, requires_grad=True)
    expected = ours(x_torch)
    grad_output = numbers(*expected.shape, seed=2)
    expected.backward(torch.tensor(grad_output))
    assert_close(model.forward(put(x, device)), expected, what="outputs")
    assert_close(model.backward(put(grad_output, device)), x_torch.grad, what="gradients of the input")
    assert_close(model.grad, grad_of(ours), what="gradients of theta")
    assert layer.output_shape(x.shape[1:]) == tuple(expected.shape[1:])


@on_every_engine
@drawn
@given(image=IMAGES, out=SIZES, kernel=PAIRS, stride=PAIRS, padding=PADDINGS, bias=st.booleans(), tile=TILES)
@example(image=(1, 1, 1, 1), out=1, kernel=(1, 1), stride=(1, 1), padding=(0, 0), bias=True, tile=1)
@example(image=(3, 2, 7, 6), out=3, kernel=(1, 1), stride=(2, 2), padding=(0, 0), bias=False, tile=40)
@example(image=(2, 2, 5, 7), out=3, kernel=(3, 3), stride=(1, 1), padding=(1, 1), bias=True, tile=40)
@example(image=(1, 1, 1, 2), out=1, kernel=(3, 3), stride=(3, 3), padding=(1, 2), bias=True, tile=40)
def test_convolution(
    device: str, image: Any, out: int, kernel: Any, stride: Any, padding: Any, bias: bool, tile: int
) -> None:
    channels = image[1]
    assume(all(n + 2 * p >= k for n, p, k in zip(image[2:], padding, kernel, strict=True)))
    with mock.patch.object(windows, "TILE", tile):
        expect_torchs(
            dnn.Conv2d(channels, out, kernel, stride, padding, bias=bias),
            nn.Conv2d(channels, out, kernel, stride, padding, bias=bias),
            numbers(*image),
            device,
        )


@on_every_engine
@pytest.mark.parametrize("kind", ["MaxPool2d", "AvgPool2d"])
@drawn
@given(image=IMAGES, kernel=PAIRS, stride=st.none() | PAIRS, padding=PADDINGS, ties=st.booleans())
@example(image=(2, 2, 4, 4), kernel=(2, 2), stride=None, padding=(0, 0), ties=True)
@example(image=(2, 1, 6, 7), kernel=(3, 3), stride=(1, 1), padding=(1, 1), ties=True)
@example(image=(1, 1, 5, 5), kernel=(2, 2), stride=(3, 3), padding=(1, 1), ties=False)
def test_pooling(kind: str, device: str, image: Any, kernel: Any, stride: Any, padding: Any, ties: bool) -> None:
    """Windows that overlap, that leave gaps, that reach over the border; pixels of equal values, negative ones too."""
    padding = tuple(min(p, k // 2) for p, k in zip(padding, kernel, strict=True))
    assume(all(n + 2 * p >= k for n, p, k in zip(image[2:], padding, kernel, strict=True)))
    x = np.sign(numbers(*image)) - 2 if ties else numbers(*image)
    expect_torchs(getattr(dnn, kind)(kernel, stride, padding), getattr(nn, kind)(kernel, stride, padding), x, device)


def test_convolution_by_hand() -> None:
    """Each number of y is the sum of a window's products with the kernel, which is not flipped."""
    conv = dnn.Conv2d(1, 1, 2)
    model = network(conv)
    conv.weight, conv.bias = [[[[1.0, 2.0], [0.0, -1.0]]]], [10.0]
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    assert_close(model.forward(x), [[[[0 + 2 - 4 + 10, 1 + 4 - 5 + 10], [3 + 8 - 7 + 10, 4 + 10 - 8 + 10]]]])
    grad = model.backward(np.array([[[[1.0, 0.0], [0.0, 100.0]]]]))
    assert_close(grad, [[[[1.0, 2.0, 0.0], [0.0, -1.0 + 100, 200.0], [0.0, 0.0, -100.0]]]])
    assert_close(conv.grad_weight, [[[[0 + 400, 1 + 500], [3 + 700, 4 + 800]]]])
    assert_close(conv.grad_bias, [101.0])


@on_every_engine
def test_pooling_by_hand(device: str) -> None:
    """Of equals in a window, the first, row by row, gets all of the gradient; in the mean, all get the same."""
    x = put(np.array([[[[3.0, 5.0, -1.0, -2.0], [5.0, 5.0, -3.0, -1.0]]]]), device)
    grad_output = put(np.array([[[[8.0, 4.0]]]]), device)
    largest, mean = network(dnn.MaxPool2d(2), device=device), network(dnn.AvgPool2d(2), device=device)
    assert_close(largest.forward(x), [[[[5.0, -1.0]]]])
    assert_close(largest.backward(grad_output), [[[[0.0, 8.0, 4.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]])
    assert_close(mean.forward(x), [[[[4.5, -1.75]]]])
    assert_close(mean.backward(grad_output), [[[[2.0, 2.0, 1.0, 1.0], [2.0, 2.0, 1.0, 1.0]]]])


@on_every_engine
def test_what_lies_outside_the_image(device: str) -> None:
    """−∞ for the largest, so that it never wins; 0 for the mean, and it counts."""
    x = put(np.full((1, 1, 2, 2), -4.0), device)
    assert_close(network(dnn.MaxPool2d(2, 2, 1), device=device).forward(x), np.full((1, 1, 2, 2), -4.0))
    assert_close(network(dnn.AvgPool2d(2, 2, 1), device=device).forward(x), np.full((1, 1, 2, 2), -1.0))


def lenet_like(device: str = "numpy", dtype: str = "float64") -> dnn.Sequential:
    layers = dnn.Conv2d(1, 3, 3, padding=1), dnn.Tanh(), dnn.MaxPool2d(2), dnn.Conv2d(3, 4, 3), dnn.BatchNorm(4)
    return network(*layers, dnn.Tanh(), dnn.AvgPool2d(2, 1), dnn.GlobalAvgPool2d(), device=device, dtype=dtype)


@on_every_engine
def test_a_whole_network(device: str) -> None:
    """θ after 5 steps of training on images, as torch's."""
    model = lenet_like(device)
    modules = nn.Conv2d(1, 3, 3, padding=1), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)
    ours = twin(model, *modules, nn.Tanh(), nn.AvgPool2d(2, 1), nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
    optimizer, theirs = dnn.SGD(lr=0.5), torch.optim.SGD(ours.parameters(), lr=0.5)
    for step in range(5):
        x, y = numbers(6, 1, 10, 8, seed=step), np.arange(6) % 4
        model.loss_and_grad(put(x, device), put(y, device), dnn.SoftmaxCrossEntropy())
        optimizer.step(model.theta, model.grad)
        theirs.zero_grad()
        nn.functional.cross_entropy(ours(torch.tensor(x)), torch.tensor(y)).backward()
        theirs.step()
        assert_close(model.theta, theta_of(ours), what=f"theta after step {step + 1}")


LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "rows": np.ascontiguousarray,
    "columns": np.asfortranarray,
    "channels last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "batch last": lambda x: np.ascontiguousarray(x.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2),
    "a part of more": lambda x: np.repeat(np.repeat(x, 2, axis=3), 2, axis=1)[:, ::2, :, ::2],
    "backwards": lambda x: np.ascontiguousarray(x[:, :, ::-1])[:, :, ::-1],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("device", ["numpy", "cpu"])
def test_memory_layouts(device: str, layout: str) -> None:
    """However images and gradients lie in memory, the results are the same: on NumPy to the bit."""
    if device == "cpu" and layout == "backwards":
        pytest.skip("torch has no negative strides")
    found = []
    for change in (LAYOUTS["rows"], LAYOUTS[layout]):
        given_x, given_grad = change(numbers(5, 3, 8, 6)), change(numbers(5, 2, 3, 2, seed=2))
        if device == "cpu":
            given_x, given_grad = torch.from_numpy(given_x), torch.from_numpy(given_grad)
        layers = dnn.BatchNorm(3), dnn.Conv2d(3, 2, 3), dnn.MaxPool2d(2), dnn.BatchNorm(2), dnn.AvgPool2d(1)
        model = network(*layers, device=device)
        before = engine.to_numpy(given_x).copy(), engine.to_numpy(given_grad).copy()
        found.append([engine.to_numpy(v) for v in (model.forward(given_x), model.backward(given_grad), model.grad)])
        np.testing.assert_array_equal(engine.to_numpy(given_x), before[0])
        np.testing.assert_array_equal(engine.to_numpy(given_grad), before[1])
    for expected, result in zip(*found, strict=True):
        assert_close(result, expected, 0.0 if device == "numpy" else 1e-12)


@on_every_engine
def test_what_was_returned_stays(device: str) -> None:
    """Later batches do not write into the outputs and gradients of earlier ones."""
    model = lenet_like(device)
    kept, copies = [], []
    for seed in range(3):
        x = put(numbers(4, 1, 10, 8, seed=seed), device)
        for layer in model.layers:
            x = layer.forward(x)
            kept.append(x)
        grad = x * 1
        for layer in reversed(model.layers):
            grad = layer.backward(grad)
            kept.append(grad)
        copies += [engine.to_numpy(v).copy() for v in kept[len(copies) :]]
    for value, copy in zip(kept, copies, strict=True):
        np.testing.assert_array_equal(engine.to_numpy(value), copy)


@on_every_engine
def test_predicting_in_batches(device: str) -> None:
    model, x = lenet_like(device), numbers(7, 1, 10, 8)
    assert_close(model.predict(x, batch_size=3), model.predict(x), 1e-12)
    assert_close(model.predict(x[:1]), model.predict(x)[:1], 1e-12)
    assert model.predict(x[:0]).shape == (0, 4)


@given(h=SIZES, w=st.integers(1, 9), channels=SIZES, kernel=PAIRS, batch=SIZES, budget=st.integers(1, 300))
@drawn
def test_tiles(h: int, w: int, channels: int, kernel: Any, batch: int, budget: int) -> None:
    """Every window is in one tile; a tile has at most as many numbers as fit, or is a single pixel."""
    view = np.zeros((channels, *kernel, h, w, batch))
    seen = np.zeros((h, w, batch), int)
    with mock.patch.object(windows, "TILE", budget):
        for tile in windows.tiles(view):
            seen[tile.rows, tile.columns] += 1
            assert seen.reshape(-1)[tile.pixels].size == seen[tile.rows, tile.columns].size
            assert (seen.reshape(-1)[tile.pixels] == 1).all()
            part = view[:, :, :, tile.rows, tile.columns]
            assert part.size <= budget or part.shape[3:5] == (1, 1)
    assert (seen == 1).all()


@on_every_engine
@drawn
@given(image=IMAGES, kernel=PAIRS, stride=PAIRS)
def test_windows(device: str, image: Any, kernel: Any, stride: Any) -> None:
    """A view of the images, no copy: what is written into a window is written into the image."""
    assume(all(n >= k for n, k in zip(image[1:3], kernel, strict=True)))
    z = put(numbers(*image), device)
    view = windows.windows(z, kernel, stride)
    expected = np.lib.stride_tricks.sliding_window_view(numbers(*image), kernel, axis=(1, 2))
    expected = expected[:, :: stride[0], :: stride[1]].transpose(0, 4, 5, 1, 2, 3)
    np.testing.assert_array_equal(engine.to_numpy(view), expected)
    view[:, -1, -1, 0, 0] = 7.0
    assert (z[:, kernel[0] - 1, kernel[1] - 1] == 7.0).all()


@in_every_dtype
@on_every_engine
def test_precision(device: str, dtype: str) -> None:
    """A convolution of 3 × 3 × 64 numbers loses no more than rounding does."""
    x = numbers(8, 64, 9, 9)
    model, exact = (network(dnn.Conv2d(64, 5, 3), device=device, dtype=d) for d in (dtype, "float64"))
    exact.theta = model.theta
    tolerance = {"float32": 1e-5, "float64": 1e-12}[dtype]
    x = put(put(x, "numpy", dtype), "numpy", "float64")
    y = exact.forward(put(x, device))
    assert_close(model.forward(put(x, device, dtype)), y, tolerance)
    assert_close(model.backward(put(engine.to_numpy(y), device, dtype)), exact.backward(y), 10 * tolerance)
    assert_close(model.grad / 500, exact.grad / 500, 10 * tolerance)


def test_conv2d_starts_as_torchs_does() -> None:
    """Weight and bias: U(−1/√n, 1/√n) with n = in_channels · kh · kw."""
    conv = network(dnn.Conv2d(16, 300, (5, 5))).layers[0]
    theirs = nn.Conv2d(16, 300, 5)
    for name in ("weight", "bias"):
        ours, expected = getattr(conv, name), getattr(theirs, name).detach().numpy()
        assert ours.std() == pytest.approx(expected.std(), rel=0.1)
        assert 0.9 / 20 < abs(ours).max() <= 1 / 20
        assert 0.9 / 20 < abs(expected).max() <= 1 / 20


@pytest.mark.parametrize("start", ["kaiming_normal", initializers.kaiming_normal])
def test_conv2d_with_an_initializer_starts_without_bias(start: Any) -> None:
    conv = network(dnn.Conv2d(8, 50, 3, weight_init=start)).layers[0]
    assert not conv.bias.any()
    assert conv.weight.std() == pytest.approx((2 / 72) ** 0.5, rel=0.1)


def test_shapes_that_are_not_known_yet() -> None:
    """None stands for what is not known; what is known is used."""
    conv, pool, mean = dnn.Conv2d(3, 8, 3, stride=2, padding=1), dnn.MaxPool2d(2), dnn.GlobalAvgPool2d()
    assert conv.output_shape(None) == (8, None, None)
    assert conv.output_shape((3, 32, None)) == (8, 16, None)
    assert conv.output_shape((None, 5, 4)) == (8, 3, 2)
    assert pool.output_shape(None) == (None, None, None)
    assert pool.output_shape((4, None, 7)) == (4, None, 3)
    assert mean.output_shape((4, None, 7)) == (4,)
    assert mean.output_shape(None) is None
    assert dnn.BatchNorm(4).output_shape((4, None, None)) == (4, None, None)
    network(dnn.MaxPool2d(2), dnn.BatchNorm(4), dnn.GlobalAvgPool2d(), dnn.Dense(4, 2))


def test_names() -> None:
    """As a user writes them; a pair of equals is one number, what is as by default is left out."""
    assert repr(dnn.Conv2d(1, 6, 5, padding=2)) == "Conv2d(1, 6, 5, padding=2)"
    assert repr(dnn.Conv2d(3, 4, (3, 2), (2, 2), bias=False)) == "Conv2d(3, 4, (3, 2), stride=2, bias=False)"
    assert repr(dnn.MaxPool2d((2, 2))) == "MaxPool2d(2)"
    assert repr(dnn.AvgPool2d(3, (2, 1), 1)) == "AvgPool2d(3, stride=(2, 1), padding=1)"
    assert repr(dnn.GlobalAvgPool2d()) == "GlobalAvgPool2d()"
