"""The pictures of chapter 02: activation functions with their derivatives, tangents, maxout's pieces."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dnnlib.figures import activations


def test_catalogue_has_a_titled_panel_for_each_function_and_a_legend() -> None:
    z = np.linspace(-4, 4, 81)
    fig = activations.catalogue({"one": (z, np.ones_like(z), []), "two": (z * 0, z * 0, [0.0])}, z)
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["one", "two", ""]
    legend = fig.axes[2].get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 2


def test_a_derivative_is_broken_at_a_kink_and_a_function_at_a_jump() -> None:
    z = np.linspace(-1, 1, 201)
    _, ax = plt.subplots()
    activations.curves(ax, z, np.where(z >= 0, 1.0, 0.0), np.zeros_like(z), kinks=[0.0])
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert [np.sign(np.mean(np.asarray(line.get_xdata()))) for line in dashed] == [-1, 1]
    assert sum(np.isnan(np.asarray(line.get_ydata(), float)).sum() for line in ax.lines) == 1


@pytest.mark.parametrize("at", [-3.0, 0.0, 2.5])
def test_the_tangent_touches_its_curve_with_its_slope(at: float) -> None:
    fig = activations.tangents({"square": (np.square, lambda z: 2 * z)}, at)
    _, tangent, point = fig.axes[0].lines
    x, y = np.asarray(tangent.get_xdata(), float), np.asarray(tangent.get_ydata(), float)
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(2 * at)
    assert np.mean(y) == pytest.approx(float(np.asarray(point.get_ydata())[0])) == pytest.approx(at**2)


def test_no_line_crosses_the_jump_of_a_slope() -> None:
    fig = activations.tangents({"ReLU": (lambda z: np.maximum(0, z), lambda z: (z > 0) * 1.0)}, 1.0)
    slope = np.asarray(fig.axes[1].lines[0].get_ydata(), float)
    assert np.flatnonzero(np.isnan(slope)).tolist() == [199]
    assert set(slope[~np.isnan(slope)]) == {0, 1}


def test_maxout_pieces_draws_every_line_of_the_group() -> None:
    x = np.linspace(-2, 2, 41)
    _, ax = plt.subplots()
    activations.maxout_pieces(ax, x, np.abs(x), np.abs(x), [(1.0, 0.0), (-1.0, 0.0)], "|x|")
    thin = [line for line in ax.lines if line.get_linewidth() == 1]
    assert np.array_equal([np.asarray(line.get_ydata()) for line in thin], [x, -x])
    assert ax.get_title(loc="left") == "|x|"


def test_fits_says_its_note() -> None:
    _, ax = plt.subplots()
    activations.fits(ax, np.ones(3), np.ones(3), np.ones(2), np.zeros(2), "ReLU", "gradient 0")
    assert ax.texts[0].get_text() == "gradient 0"
    assert np.asarray(ax.lines[1].get_ydata()).tolist() == [0, 0]
