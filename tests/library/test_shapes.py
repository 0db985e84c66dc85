"""Shapes that nobody thought of, drawn by hypothesis: one example, one feature, one class, one neuron."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from catalogue import (
    LayerCase,
    LossCase,
    assert_close,
    each_layer,
    each_loss,
    grad_of,
    numbers,
    on_every_engine,
    put,
    twin,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dnnlib as dnn
from dnnlib import engine

SIZES = st.integers(1, 9)


def drawn(examples: int) -> Callable[..., Any]:
    """The same draws in every run, however slow the machine; nothing is written to disk."""
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None)


@on_every_engine
@each_layer
@drawn(15)
@given(batch=SIZES, features=SIZES)
@example(batch=1, features=1)
@example(batch=1, features=6)
@example(batch=6, features=1)
def test_layer(layer: LayerCase, device: str, batch: int, features: int) -> None:
    """Shapes as announced; outputs and gradients as torch's."""
    batch, features = max(batch, layer.least_batch), features * layer.multiple
    model = dnn.Sequential(layer.make(features), seed=1, dtype="float64", device=device)
    network = twin(model, layer.torch(features))
    x = numbers(batch, *layer.shape(features))
    output = model.forward(put(x, device))
    assert tuple(output.shape) == (batch, *layer.out_shape(features))
    grad_input = model.backward(output)
    assert grad_input.shape == x.shape

    x_torch = torch.tensor(x, requires_grad=True)
    expected = network(x_torch)
    expected.backward(expected.detach())
    assert_close(output, expected)
    assert_close(grad_input, x_torch.grad)
    assert_close(model.grad, grad_of(network))


@on_every_engine
@each_loss
@drawn(15)
@given(batch=SIZES, outputs=SIZES, seed=st.integers(0, 1000))
@example(batch=1, outputs=1, seed=0)
@example(batch=1, outputs=4, seed=0)
def test_loss(loss: LossCase, device: str, batch: int, outputs: int, seed: int) -> None:
    prediction, target = numbers(batch, outputs, seed=seed), loss.target(np.random.default_rng(seed), batch, outputs)
    ours = loss.make()
    value = ours.forward(put(prediction, device), put(target, device))
    assert value.shape == ()
    prediction_torch = torch.tensor(prediction, requires_grad=True)
    expected = loss.torch(prediction_torch, torch.tensor(target))
    expected.backward()
    assert_close(value, expected)
    assert_close(ours.backward(), prediction_torch.grad)
    correct = ours.correct()
    counted = outputs > 1 or isinstance(ours, dnn.BinaryCrossEntropy)
    assert 0 <= int(correct) <= batch if counted else correct is None


@drawn(20)
@given(batch=st.integers(1, 4), widths=st.lists(st.integers(1, 4), min_size=2, max_size=5), bias=st.booleans())
@example(batch=1, widths=[1, 1], bias=True)
def test_networks_of_any_depth(batch: int, widths: list[int], bias: bool) -> None:
    """θ holds every parameter once, in order; every gradient is the one that central differences measure."""
    layers: list[dnn.Layer] = []
    for n_in, n_out in pairwise(widths):
        layers += [dnn.Dense(n_in, n_out, bias=bias), dnn.Tanh()]
    model = dnn.Sequential(*layers, seed=1, dtype="float64")
    assert len(model.theta) == sum((a + bias) * b for a, b in pairwise(widths))
    np.testing.assert_array_equal(np.concatenate([v.ravel() for _, v in model.named_parameters()]), model.theta)
    dnn.gradcheck(model, numbers(batch, widths[0]), numbers(batch, widths[-1], seed=1), dnn.MeanSquaredError())


@on_every_engine
@drawn(15)
@given(n=st.integers(1, 40), batch_size=st.integers(1, 50), shuffle=st.booleans())
@example(n=1, batch_size=1, shuffle=True)
def test_batches(device: str, n: int, batch_size: int, shuffle: bool) -> None:
    """Every example once, its label beside it; all batches full but the last."""
    x, y = put(np.arange(n, dtype="float64").reshape(n, 1), device), put(10 * np.arange(n), device)
    parts = list(dnn.batches(x, y, batch_size, rng=3 if shuffle else None))
    xs, ys = (np.concatenate([engine.to_numpy(part[i]) for part in parts]) for i in (0, 1))
    np.testing.assert_array_equal(10 * xs[:, 0], ys)
    np.testing.assert_array_equal(np.sort(ys), 10 * np.arange(n))
    assert [len(xb) for xb, _ in parts[:-1]] == [batch_size] * (len(parts) - 1)
    assert 1 <= len(parts[-1][0]) <= batch_size


@drawn(30)
@given(n=st.integers(2, 60), parts=st.integers(1, 4), fractions=st.booleans(), seed=st.integers(0, 99))
def test_random_split(n: int, parts: int, fractions: bool, seed: int) -> None:
    parts = min(parts, n // 2)
    lengths = [1 / parts] * parts if fractions else [*[1] * (parts - 1), n - parts + 1]
    dealt = dnn.data.random_split(np.arange(n), np.arange(n), lengths, seed)
    assert len(dealt) == parts
    assert sorted(np.concatenate([x for x, _ in dealt])) == list(range(n))
    assert all((x == y).all() for x, y in dealt)
