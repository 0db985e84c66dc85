"""Surfaces: their gradients are derivatives, minima lowest, and a descent is the optimizer's own steps."""

from __future__ import annotations

import numpy as np
import pytest

import dnnlib as dnn
from dnnlib.surfaces import BEALE, BOWL, SADDLE, VALLEY, Surface

SURFACES = [BOWL, VALLEY, SADDLE, BEALE]
each = pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)


@each
def test_gradient_is_the_derivative(surface: Surface) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.uniform(*surface.xlim, 50), rng.uniform(*surface.ylim, 50)
    h = 1e-6
    by_a = (surface.loss(a + h, b) - surface.loss(a - h, b)) / (2 * h)
    by_b = (surface.loss(a, b + h) - surface.loss(a, b - h)) / (2 * h)
    for exact, numeric in zip(surface.gradient(a, b), (by_a, by_b), strict=True):
        assert np.abs(exact - numeric).max() <= 1e-6 * np.abs(exact).max()


@each
def test_minimum_is_the_lowest_point_of_the_picture(surface: Surface) -> None:
    assert surface.minimum is not None
    a, b = np.meshgrid(np.linspace(*surface.xlim, 301), np.linspace(*surface.ylim, 301))
    lowest = surface.loss(*surface.minimum)
    assert lowest <= surface.loss(a, b).min()
    assert np.abs(surface.gradient(*surface.minimum)).max() < 1e-12


def test_stability_limits_are_those_documented() -> None:
    for surface, limit in ((BOWL, 1 / 2), (VALLEY, 2 / 25)):
        start = (1.0, 1.0)
        inside = surface.descend(dnn.SGD(lr=0.99 * limit), start, 2000)
        outside = surface.descend(dnn.SGD(lr=1.01 * limit), start, 2000)
        assert np.abs(inside[-1]).max() < 1e-3
        assert np.abs(outside[-1]).max() > 1e3


def test_descent_is_the_optimizers_own_steps() -> None:
    path = VALLEY.descend(dnn.SGD(lr=0.05, momentum=0.9), (-5.0, 1.0), 3)
    theta, velocity = np.array([-5.0, 1.0]), np.zeros(2)
    for point in path:
        assert np.allclose(point, theta, rtol=1e-14)
        velocity = 0.9 * velocity + theta * [1, 25]
        theta = theta - 0.05 * velocity
    assert path.shape == (4, 2)


def test_a_diverging_path_ends_finite_and_early() -> None:
    path = BOWL.descend(dnn.SGD(lr=10), (1.0, 1.0), 1000)
    assert len(path) < 1001
    assert np.all(np.isfinite(path))
    assert np.abs(path[-1]).max() > 1e100


def test_a_start_that_is_no_point_is_refused() -> None:
    with pytest.raises(ValueError, match="bowl: start must be two numbers"):
        BOWL.descend(dnn.SGD(lr=0.1), (1.0, 2.0, 3.0), 5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="steps must be an integer of at least 0"):
        BOWL.descend(dnn.SGD(lr=0.1), (1.0, 2.0), -1)
