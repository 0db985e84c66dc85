"""The drawings of the chapter on convolution: what they show must be what they are given."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from dnnlib.figures import COLORS, convolution


def test_a_grid_shows_every_number_and_frames_the_window() -> None:
    _, ax = plt.subplots()
    convolution.numbers(ax, np.array([[1, -2], [0, 3.5]]), "grid", window=(0, 1, 2, 1))
    assert [text.get_text() for text in ax.texts] == ["1", "−2", "0", "3.5"]
    frame = next(patch for patch in ax.patches if isinstance(patch, Rectangle))
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((0.5, -0.5), 1, 2)
    assert ax.get_title(loc="center") == "grid"


def test_cells_that_are_not_shown_stay_empty() -> None:
    _, ax = plt.subplots()
    convolution.numbers(ax, np.arange(4).reshape(2, 2), shown=np.array([[True, False], [False, True]]))
    assert [text.get_text() for text in ax.texts] == ["0", "3"]


def test_white_is_zero_in_a_signed_image() -> None:
    _, ax = plt.subplots()
    convolution.signed(ax, np.array([[-1.0, 4.0]]))
    assert ax.images[0].get_clim() == (-4, 4)


def test_a_mosaic_keeps_every_map_in_its_place() -> None:
    maps = np.arange(3 * 2 * 2, dtype=float).reshape(3, 2, 2)
    sheet = convolution.mosaic(maps, columns=2)
    assert sheet.shape == (5, 5)
    assert np.array_equal(sheet[:2, :2], maps[0])
    assert np.array_equal(sheet[:2, 3:], maps[1])
    assert np.array_equal(sheet[3:, :2], maps[2])
    assert np.isnan(sheet[2]).all()
    assert np.isnan(sheet[3:, 3:]).all()


@pytest.mark.parametrize(("n", "k", "s", "p", "count"), [(7, 3, 1, 0, 5), (7, 3, 2, 1, 4), (8, 3, 2, 0, 3)])
def test_as_many_windows_are_drawn_as_fit(n: int, k: int, s: int, p: int, count: int) -> None:
    ax = convolution.sliding_windows(n, k, s, p).axes[0]
    orange = [patch for patch in ax.patches if patch.get_facecolor() == to_rgba(COLORS["orange"])]
    assert len(orange) == count
    assert ax.get_title(loc="left").endswith(f"= {count} windows")
    unseen = [text.get_text() for text in ax.texts if "not seen" in text.get_text()]
    assert unseen == (["not seen: 1"] if (n, k, s, p) == (8, 3, 2, 0) else [])


def test_an_architecture_names_every_stage_with_its_shape() -> None:
    stages = [("input", (1, 28, 28)), ("convolution", (6, 28, 28)), ("dense", (10,))]
    ax = convolution.architecture(stages, first_row=2).axes[0]
    texts = [text.get_text() for text in ax.texts if text.get_text()]
    assert texts == ["input", "1 × 28 × 28", "convolution", "6 × 28 × 28", "dense", "10"]
    assert sum(isinstance(patch, Rectangle) for patch in ax.patches) == 1 + 6 + 1


def test_a_window_is_worked_out_term_by_term() -> None:
    image, kernel = np.arange(9.0).reshape(3, 3), np.array([[1.0, 0], [0, -2]])
    z = np.array([[-8.0, -9], [-11, -12]])
    fig, terms = convolution.window_step(image, kernel, z, place=2)
    assert terms == "1·3 − 2·7 = −11"
    results = [text.get_text() for text in fig.axes[3].texts]
    assert results == ["−8", "−9", "−11"]  # the fourth is still to come


def test_a_filtered_image_says_its_range() -> None:
    fig = convolution.filtered(np.eye(3), np.full((3, 3), 1 / 9), np.array([[-0.25, 0.5]]), "blur")
    assert [ax.get_title(loc="center") for ax in fig.axes] == ["input", "blur", "result, from −0.5 to 0.5"]
    assert fig.axes[1].texts[0].get_text() == "0.11"


def test_the_receptive_field_is_where_the_gradient_is() -> None:
    gradient = np.zeros((6, 6))
    gradient[1:4, 2:5] = 0.5
    fig, widths = convolution.fields(np.zeros((6, 6)), [gradient, np.ones((6, 6))], ["first", "second"])
    frame = next(patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle))
    assert widths == [3, 6]
    assert frame.get_xy() == (1.5, 0.5)
    assert fig.axes[1].get_title(loc="center") == "second\nsees 6 × 6"


def test_feature_maps_stand_beside_their_image() -> None:
    fig = convolution.feature_maps(np.zeros((4, 4)), [np.ones((6, 4, 4)), np.ones((16, 2, 2))], [2, 4], "a 3")
    titles = [ax.get_title(loc="center") for ax in fig.axes]
    assert titles == ["input 4 × 4", "6 maps of 4 × 4", "16 maps of 2 × 2"]
    assert fig.get_suptitle() == "a 3"
