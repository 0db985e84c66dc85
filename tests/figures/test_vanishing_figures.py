"""The drawings of the chapter on vanishing gradients: what they show must be what they are given."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch

from dnnlib.figures import vanishing


def test_a_chain_has_an_arrow_between_any_two_nodes_and_all_its_texts() -> None:
    fig = vanishing.chain(["x", "a", "L"], ["w = 2", ""], ["1", "σ′", "3"], (5, 2))
    patches = fig.axes[0].patches
    assert sum(isinstance(patch, Circle) for patch in patches) == 3
    assert sum(isinstance(patch, FancyArrowPatch) for patch in patches) == 2
    assert {"x", "a", "L", "w = 2", "1", "σ′", "3"} <= {text.get_text() for text in fig.axes[0].texts}


def test_a_chain_with_a_weight_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="3 nodes need 2 weights"):
        vanishing.chain(["x", "a", "L"], ["1", "2", "3"], ["", "", ""], (5, 2))


def test_curves_by_layer_are_logarithmic_and_named_once() -> None:
    _, ax = plt.subplots()
    vanishing.by_layer(ax, {"a": [[1, 2, 3], [4, 5, 6]], "b": [[7, 8, 9]]}, "size")
    assert ax.get_yscale() == "log"
    assert [list(line.get_ydata()) for line in ax.lines] == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert ax.get_legend_handles_labels()[1] == ["a", "b"]


def test_panels_stand_where_they_are_whatever_they_show() -> None:
    fig, axes = vanishing.panels(2, (6, 3))
    before = [ax.get_position().bounds for ax in axes]
    axes[0].set(ylabel="long label", title="title")
    fig.canvas.draw()
    assert [ax.get_position().bounds for ax in axes] == before
    assert before[0][0] + before[0][2] < before[1][0]


def test_powers_of_ten_are_written_as_such() -> None:
    fig, ax = plt.subplots()
    vanishing.powers(ax)
    ax.set_ylim(1e-3, 10)
    fig.canvas.draw()
    assert ax.get_yscale() == "log"
    shown = {text.get_text() for text in ax.get_yticklabels()}
    assert {"10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"} <= shown


def test_a_crossing_shows_every_number() -> None:
    _, ax = plt.subplots()
    vanishing.crossing(ax, np.array([[0.1, 0.97], [np.nan, 1.0]]), ["r", "s"], ["c", "d"], "deep")
    assert [text.get_text() for text in ax.texts] == ["10%", "97%", "diverges", "100%"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["r", "s"]


def test_histograms_put_the_first_layer_at_the_top() -> None:
    _, ax = plt.subplots()
    vanishing.histograms(ax, {1: np.zeros(5), 9: np.ones(5)}, "spread", -1, 1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["9", "1"]
    top = ax.patches[1].get_data()
    assert top.baseline == 1
    assert np.argmax(top.values) == 20
