"""The pictures of overfitting: dropped neurons lose their connections, and every number is where it belongs."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dnnlib.figures import overfitting
from dnnlib.figures.picture import img_tag

ALT = "A picture of overfitting, drawn only to see that it can be rendered."


def test_masks_thin_the_hidden_layers() -> None:
    _, ax = plt.subplots()
    overfitting.thinned(ax, [2, 3, 1], [np.array([True, False, True])])
    assert len(ax.collections[0].get_paths()) == 2 * 2 + 2
    assert [line.get_xdata()[0] for line in ax.lines] == [1.5]  # one cross, in the hidden layer


def test_masks_that_do_not_fit_are_refused() -> None:
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="hidden layers"):
        overfitting.thinned(ax, [2, 3, 1], [np.array([True, False])])


def test_every_batch_has_its_network() -> None:
    masks = [[np.array([True, False])], [np.array([False, True])]]
    fig = overfitting.thinned_batches([2, 2, 1], masks)
    assert [ax.get_title() for ax in fig.axes] == ["batch 1", "batch 2"]


def test_the_explorer_marks_the_rate_and_the_mean() -> None:
    answers = np.array([0.2, 0.4])
    errors = {"training": np.array([0.1, 0.2]), "test": np.array([0.3, 0.4])}
    fig = overfitting.explorer(0.5, [2, 2, 1], [np.ones(2, bool)], [0.0, 0.5], errors, answers)
    _, bars, curves = fig.axes
    assert np.allclose(np.asarray(bars.lines[0].get_xdata()), 0.3)
    assert np.allclose(np.asarray(curves.lines[-1].get_xdata()), 0.5)
    assert np.allclose(np.asarray(curves.lines[1].get_ydata()), [0.3, 0.4])
    assert img_tag(fig, ALT).startswith("<img ")


def test_weights_are_shown_on_their_own_scale() -> None:
    weights = {"none": np.full((3, 4), 2.0), "zeros": np.zeros((3, 4))}
    fig = overfitting.weight_images(weights, columns=2)
    limits = [ax.images[0].get_clim() for ax in fig.axes]
    assert limits == [(-2, 2), (-1, 1)]
    strip = np.ma.filled(fig.axes[0].images[0].get_array(), np.nan)
    assert strip.shape == (4, 2 * 4)
    assert np.sum(strip == 2.0) == 2 * 4


def test_each_seed_of_a_remedy_is_a_dot_and_the_start_a_line() -> None:
    fig = overfitting.remedies({"none": [0.2, 0.4], "dropout": [0.1, 0.2]}, start="none")
    lines = fig.axes[0].lines
    assert list(np.asarray(lines[2].get_xdata())) == [0.1, 0.2]
    assert np.allclose(np.asarray(lines[3].get_xdata()), 0.15)
    assert np.allclose(np.asarray(lines[-1].get_xdata()), 0.3)
