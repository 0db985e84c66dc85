"""Filter-normalized directions: as long as the filters they change, blind to rescaling, the same on every device."""

from __future__ import annotations

import numpy as np
import pytest

import dnnlib as dnn
from dnnlib.landscape import filter_normalized

IMAGES = np.random.default_rng(0).normal(size=(20, 1, 8, 8))
LABELS = np.arange(20) % 10


def convolutional() -> dnn.Sequential:
    body = [dnn.Conv2d(4, 4, 3, padding=1), dnn.BatchNorm(4), dnn.ReLU()]
    layers = [dnn.Conv2d(1, 4, 3, padding=1), dnn.Residual(body), dnn.GlobalAvgPool2d(), dnn.Dense(4, 10)]
    return dnn.Sequential(*layers, seed=0, dtype="float64")


def test_each_filter_changes_by_its_own_length_and_nothing_else_changes() -> None:
    model = convolutional()
    theta = model.theta.copy()
    direction = filter_normalized(model, 1)
    assert np.array_equal(model.theta, theta)
    weights = {name: part.copy() for name, part in model.named_parameters()}
    model.theta = direction
    for name, part in model.named_parameters():
        if weights[name].ndim < 2:
            assert not part.any(), name
        else:
            lengths = np.linalg.norm(part.reshape(len(part), -1), axis=1)
            expected = np.linalg.norm(weights[name].reshape(len(part), -1), axis=1)
            np.testing.assert_allclose(lengths, expected, rtol=1e-12, err_msg=name)


def test_a_rescaled_network_has_the_same_slice() -> None:
    x, loss = IMAGES.reshape(20, 64), dnn.SoftmaxCrossEntropy()
    slices = []
    for factor in (1, 4):
        model = dnn.mlp(64, 12, 10, seed=0, dtype="float64")
        hidden, last = model.layers[0], model.layers[2]
        hidden.weight, hidden.bias = factor * hidden.weight, factor * hidden.bias
        last.weight = last.weight / factor
        theta, direction = model.theta.copy(), filter_normalized(model, 3)
        values = []
        for a in (-0.5, 0.0, 0.5):
            model.theta = theta + a * direction
            values.append(loss.forward(model.forward(x), LABELS))
        slices.append(values)
    np.testing.assert_allclose(slices[0], slices[1], rtol=1e-12)
    assert max(slices[0]) > min(slices[0])


def test_same_seed_same_direction_on_every_device() -> None:
    numpy, torch = (dnn.mlp(6, 5, 3, seed=0, device=device) for device in ("numpy", "cpu"))
    on_torch = filter_normalized(torch, 2)
    assert on_torch.dtype == torch.theta.dtype
    assert np.array_equal(on_torch.numpy(), filter_normalized(numpy, 2))
    assert not np.array_equal(filter_normalized(numpy, 2), filter_normalized(numpy, 3))


@pytest.mark.parametrize("layer", [dnn.ReLU(), dnn.BatchNorm(3)], ids=["no parameters", "no filters"])
def test_without_filters_nothing_changes(layer: dnn.Layer) -> None:
    model = dnn.Sequential(layer)
    assert not filter_normalized(model, 0).any()
    assert len(filter_normalized(model, 0)) == len(model.theta)
