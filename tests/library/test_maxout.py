"""Maxout: what it can be, where its gradient goes, what it refuses."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from catalogue import numbers, on_every_engine, put
from mistakes import Row, check, rows

import dnnlib as dnn
from dnnlib import engine

LINE = np.linspace(-6, 6, 1201)


def pieces(weight: list[float], bias: list[float], z: np.ndarray) -> Any:
    """Maxout over len(weight) lines w z + b, as lecture C17 draws it."""
    k = len(weight)
    model = dnn.Sequential(dnn.Dense(1, k), dnn.Maxout(k), dtype="float64")
    model.layers[0].weight, model.layers[0].bias = np.array(weight).reshape(k, 1), np.array(bias)
    return model.forward(z.reshape(-1, 1)).ravel()


def test_maxout_can_be_relu_and_absolute_value() -> None:
    """Lectures A34, C17: two elements a group."""
    np.testing.assert_array_equal(pieces([0, 1], [0, 0], LINE), np.maximum(LINE, 0))
    np.testing.assert_array_equal(pieces([-1, 1], [0, 0], LINE), abs(LINE))


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_maxout_is_convex_in_as_many_pieces_as_elements(k: int) -> None:
    """Lecture C17: with k elements a group, the tangents of z²/2 at k places: k slopes, rising, convex."""
    at = np.arange(k) - (k - 1) / 2
    y = pieces(list(at), list(-(at**2) / 2), LINE)
    slopes = np.diff(y) / np.diff(LINE)
    assert (np.diff(slopes) > -1e-9).all()
    assert np.unique(slopes.round(6)).tolist() == at.tolist()
    assert (y <= LINE**2 / 2 + 1e-12).all()


@on_every_engine
def test_maxout_gradient_goes_to_the_winner_alone(device: str) -> None:
    """Of equals, to the first; the groups are features side by side."""
    layer = dnn.Maxout(3)
    z = put(np.array([[1.0, 5.0, 2.0, 7.0, 7.0, 0.0], [4.0, 4.0, 4.0, -3.0, -2.0, -2.0]]), device)
    y = layer.forward(z)
    np.testing.assert_array_equal(engine.to_numpy(y), [[5, 7], [4, -2]])
    grad = layer.backward(put(np.array([[10.0, 20.0], [30.0, 40.0]]), device))
    np.testing.assert_array_equal(engine.to_numpy(grad), [[0, 10, 0, 20, 0, 0], [30, 0, 0, 0, 40, 0]])


@on_every_engine
def test_maxout_groups_channels_of_images(device: str) -> None:
    """Each place for itself; channel i of the output is the largest of channels i k … i k + k − 1."""
    x = numbers(2, 6, 3, 4)
    layer = dnn.Maxout(2)
    assert layer.output_shape((6, 3, 4)) == (3, 3, 4)
    assert layer.output_shape((None, 3, 4)) == (None, 3, 4)
    assert layer.output_shape(None) is None
    np.testing.assert_array_equal(engine.to_numpy(layer.forward(put(x, device))), np.maximum(x[:, ::2], x[:, 1::2]))
    grad = engine.to_numpy(layer.backward(put(np.ones((2, 3, 3, 4)), device)))
    np.testing.assert_array_equal(grad[:, ::2], x[:, ::2] > x[:, 1::2])
    np.testing.assert_array_equal(grad[:, 1::2], x[:, ::2] < x[:, 1::2])


SHAPES: list[Row] = [
    (
        "groups do not come out even",
        lambda: dnn.Sequential(dnn.Dense(4, 5), dnn.Maxout(2)),
        ValueError,
        ["layer 1 does not fit", "Maxout(group_size=2)", "5 of shape (5,)", "not a multiple of 2"],
    ),
    (
        "what follows maxout",
        lambda: dnn.Sequential(dnn.Dense(4, 6), dnn.Maxout(3), dnn.Dense(6, 2)),
        ValueError,
        ["layer 2 does not fit", "Dense(6, 2) expects 6 features", "(2,)"],
    ),
    ("groups of data", lambda: dnn.Maxout(3).forward(numbers(2, 4)), ValueError, ["groups of 3", "4 of shape (4,)"]),
    (
        "channels in groups",
        lambda: dnn.Maxout(2).forward(numbers(2, 3, 4, 4)),
        ValueError,
        ["3 of shape (3, 4, 4)", "not a multiple of 2"],
    ),
]


@rows(SHAPES)
def test_shapes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
