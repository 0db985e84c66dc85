"""The pictures of chapter 14: the graph of batch normalization, histograms by layer, curves over settings."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch

from dnnlib.figures import COLORS, normalization


def test_every_sum_reaches_every_output_through_mean_and_variance() -> None:
    ax = normalization.dependencies().axes[0]
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == 3 * 6 + 2  # six an example, mean to variance, γ and β
    names = {text.get_text() for text in ax.texts}
    assert {r"$\mu_B$", r"$\sigma_B^2$", r"$\hat z_3$", "$u_1$"} <= names


def test_spreads_draws_a_row_a_layer_and_counts_outliers_at_the_edge() -> None:
    z = np.random.default_rng(0).normal(0, 1, (50, 4))
    wide = z * 100
    fig = normalization.spreads({"plain": {"a": wide, "b": z}, "normalized": {"a": z, "b": z}}, "step 0")
    assert [ax.get_ylabel() for ax in fig.axes] == ["a", "", "b", ""]
    heights = fig.axes[0].patches[0].get_data().values  # type: ignore[attr-defined]
    assert (heights[0] + heights[-1]) / heights.sum() > 0.8
    assert fig.axes[2].texts[0].get_text() == f"s = {z.std():.2f}"


@pytest.mark.parametrize("bad", [np.inf, np.nan, 50.0])
def test_losses_beyond_the_top_are_drawn_at_the_top(bad: float) -> None:
    _, ax = plt.subplots()
    normalization.grid_curves(ax, [0.1, 1.0], {"plain": np.array([[1.0, 2.0], [bad, bad]])}, 3.0, "rate")
    assert np.asarray(ax.lines[0].get_ydata()).tolist() == [1.5, 3.0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.1", "1"]


def test_answers_colours_a_wrong_answer_orange() -> None:
    trained, tested = np.eye(10)[3], np.eye(10)[5]
    for label, color in ((3, "blue"), (5, "orange")):
        ax = normalization.answers(trained, tested, label, "title").axes[0]
        assert to_rgb(ax.patches[3].get_facecolor()) == to_rgb(COLORS[color])
