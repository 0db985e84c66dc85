"""The drawings of gradient descent: where the balls lie, what the fog hides, what the surfaces show."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from dnnlib.figures import descent


def test_the_ball_lies_on_the_curve_at_the_last_point() -> None:
    _, ax = plt.subplots()
    descent.balls_on_curve(ax, np.square, (-2, 2), [np.array([2.0, 1.5, 1.0]), np.array([-1.0])])
    balls = [drawn.get_xydata().tolist() for drawn in ax.lines if drawn.get_markersize() == 12]
    assert balls == [[[1.0, 1.0]], [[-1.0, 1.0]]]


@pytest.mark.parametrize(("place", "hidden"), [((0.0, 0.1), False), ((0.9, 0.9), True)])
def test_fog_covers_what_is_far_from_the_path(place: tuple[float, float], hidden: bool) -> None:
    fig, ax = plt.subplots()
    ax.set(xlim=(-1, 1), ylim=(-1, 1))
    ax.grid(False)
    descent.fog(ax, np.array([[0.0, 0.0], [-0.5, 0.0]]), radius=0.3)
    fig.canvas.draw()
    across, up = ax.transData.transform(place)
    pixels = np.asarray(fig.canvas.buffer_rgba())
    color = pixels[len(pixels) - round(up), round(across), :3]
    assert np.allclose(color, 255 * np.array(to_rgb(descent.FOG)), atol=1) == hidden
    assert ax.get_xlim() == (-1, 1)


def test_surface_stands_above_its_contours() -> None:
    a, b = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9))
    ax = plt.figure().add_subplot(projection="3d")
    descent.surface(ax, a, b, a**2 + b**2)
    low, high = ax.get_zlim()
    assert low < 0
    assert high == pytest.approx(2)


def test_basins_have_a_tint_for_each_end() -> None:
    side = np.linspace(-1, 1, 21)
    a, b = np.meshgrid(side, side)
    _, ax = plt.subplots()
    descent.basins(ax, lambda a, b: a**2 + b**2, side, 2 * (a > 0) + (b > 0), [((0.5, 0.5), "here")])
    tints = {tuple(color) for color in ax.collections[0].get_facecolor()}
    assert len(tints) == 4
    assert [text.get_text() for text in ax.texts] == ["here"]


def test_drawings_have_a_panel_for_each_part() -> None:
    a, b = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9))
    names = [ax.get_title(loc="center") for ax in descent.stationary_points().axes]
    assert names == ["local minimum", "saddle point", "plateau"]
    fig = descent.contour_and_surface(a, b, a**2 + b**2, np.array([0.5, 1.0]), ("a", "b"))
    assert [ax.get_xlabel() for ax in fig.axes] == ["a", "a"]
