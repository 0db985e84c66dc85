"""The introduction's drawings show what their data say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.patches import FancyBboxPatch

from dnnlib.figures import introduction


def test_growth_draws_and_names_every_point() -> None:
    fig = introduction.growth()
    for ax, points in zip(fig.axes, (introduction.DATA, introduction.HARDWARE, introduction.SOFTWARE), strict=True):
        assert ax.get_yscale() == "log"
        assert [tuple(point) for point in ax.lines[0].get_xydata()] == list(points.values())
        assert [text.get_text() for text in ax.texts] == list(points)


@pytest.mark.parametrize("points", [introduction.DATA, introduction.HARDWARE, introduction.SOFTWARE])
def test_growth_goes_forward_in_time(points: introduction.Points) -> None:
    assert all(before[0] < after[0] for before, after in pairwise(points.values()))


def test_the_rates_are_those_that_the_makers_round_to() -> None:
    rates = {name: round(rate / 1e12, 2) for name, (_, rate) in introduction.HARDWARE.items()}
    assert rates == {"GTX 580": 1.58, "K40": 5.04, "P100": 10.61, "V100": 15.67, "A100": 19.49, "H100": 66.91}


def test_production_line_tells_what_is_learnt() -> None:
    ax = introduction.production_line([("spectrum", False), ("model", True)], "line").axes[0]
    assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == 2
    assert [text.get_text() for text in ax.texts if text.get_text() in ("by hand", "learnt")] == ["by hand", "learnt"]


def test_network_zoo_has_a_drawing_of_each_kind() -> None:
    axes = introduction.network_zoo().axes
    assert len({ax.get_title() for ax in axes}) == 6
    assert all(ax.patches for ax in axes)
