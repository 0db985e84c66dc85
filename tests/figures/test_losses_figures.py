"""The pictures of losses show the numbers that they are given."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from dnnlib.figures import losses


def test_bars_have_the_heights_and_say_them() -> None:
    _, ax = plt.subplots()
    losses.bars(ax, np.array([0.25, -0.5, 0.75]), "abc")
    assert [bar.get_height() for bar in ax.patches] == [0.25, -0.5, 0.75]
    assert [text.get_text() for text in ax.texts] == ["0.25", "−0.50", "0.75"]
    low, high = ax.get_ylim()
    assert low < -0.5
    assert high > 0.75


def test_bars_of_probabilities_stand_on_zero() -> None:
    _, ax = plt.subplots()
    losses.bars(ax, np.array([0.2, 0.8]), "ab")
    assert ax.get_ylim()[0] == 0


def test_true_and_believed_stand_side_by_side() -> None:
    _, ax = plt.subplots()
    losses.believed_and_true(np.array([0.3, 0.7]), np.array([0.6, 0.4]), "ab", ax)
    assert [bar.get_height() for bar in ax.patches] == [0.3, 0.7, 0.6, 0.4]
    true, believed = ax.patches[0], ax.patches[2]
    assert true.get_x() + true.get_width() <= believed.get_x()


def test_each_surface_has_its_own_height_and_dot() -> None:
    w1, w2 = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 2, 6), indexing="ij")
    fig = losses.surfaces(w1, w2, {"low": w1**2, "high": 3 * w2}, start=(4, 5), view=(30, 40))
    axes: list[Any] = list(fig.axes)
    low, high = axes
    assert [ax.get_title() for ax in axes] == ["low", "high"]
    dots = [ax.collections[-1]._offsets3d for ax in (low, high)]
    assert [(float(x[0]), float(y[0]), float(z[0])) for x, y, z in dots] == [(1, 2, 1), (1, 2, 6)]
    assert (low.elev, low.azim) == (30, 40)


def test_the_ball_lies_on_its_curve() -> None:
    z = np.linspace(-2, 2, 41)
    fig = losses.ball_on_costs({"a": (z**2, 1.0), "b": (2 - z, -1.5)}, z, ["one", "two"])
    balls = [np.concatenate(ax.lines[-1].get_data()) for ax in fig.axes]
    np.testing.assert_allclose(balls, [[1.0, 1.0], [-1.5, 3.5]])
    assert [ax.get_ylabel() for ax in fig.axes] == ["a", "b"]
