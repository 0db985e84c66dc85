"""The pictures of data: each part, fold and try is where the numbers say."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from dnnlib.figures import splits
from dnnlib.figures.picture import img_tag

ALT = "A picture of data, drawn only to see that it can be rendered."


def widths(ax: Axes) -> list[float]:
    return [patch.get_width() for patch in ax.patches if isinstance(patch, Rectangle)]


def drawn(line: Line2D) -> list[float]:
    return [float(x) for x in np.asarray(line.get_xdata())]


def test_parts_are_drawn_to_one_scale() -> None:
    fig = splits.parts_to_scale({"large": {"training": 60, "test": 10}, "small": {"training": 8, "test": 2}})
    assert [width for width in widths(fig.axes[0]) if width > 0] == [60, 10, 8, 2]
    assert "large: 60 + 10" in [text.get_text() for text in fig.axes[0].texts]


def test_every_round_has_another_fold_to_validate() -> None:
    fig = splits.folds(4, [0.9, 0.95, 0.97])
    marks = {text.get_text(): text.get_position() for text in fig.axes[0].texts}
    places = [text.get_position() for text in fig.axes[0].texts if text.get_text() == "val"]
    assert places == [(0.5, 0.5), (1.5, 1.5), (2.5, 2.5)]
    assert marks["0.950"][1] == 1.5
    assert "0.940 mean" in marks


def test_the_best_try_is_marked() -> None:
    fig = splits.best_of(np.array([0.4, 0.61, 0.5]), fresh=0.5, chance=0.5, bins=np.linspace(0.3, 0.7, 9))
    assert [next(iter(drawn(line))) for line in fig.axes[0].lines] == [0.5, 0.61, 0.5]


def test_the_pipeline_shows_outputs_beside_the_target() -> None:
    outputs, target = np.linspace(0, 0.9, 10), np.eye(10)[7]
    fig = splits.pipeline(np.zeros((8, 8)), outputs, target)
    assert np.allclose([widths(ax) for ax in fig.axes[3:]], [outputs, target])
    assert img_tag(fig, ALT).startswith("<img ")
