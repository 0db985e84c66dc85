"""The pictures of times, bits and processes show what was measured or counted, and tell lines apart without colour."""

from __future__ import annotations

import numpy as np
import pytest

from dnnlib.figures import scale
from dnnlib.figures.legend import check_legends


def texts(ax: object) -> list[str]:
    return [text.get_text() for text in ax.texts]  # type: ignore[attr-defined]


def test_times_have_a_line_for_every_device_and_say_what_is_missing() -> None:
    lines = {name: {1: 1.0 + i, 64: 2.0 + i} for i, name in enumerate("abcde")}
    fig = scale.times({"ms a step": lines, "s an epoch": lines}, "GPU: not measured yet")
    check_legends(fig)
    for ax in fig.axes:
        assert [line.get_label() for line in ax.lines] == list(lines)
        for line, values in zip(ax.lines, lines.values(), strict=True):
            assert dict(zip(*line.get_data(), strict=True)) == values
    assert [text.get_text() for text in fig.texts] == ["GPU: not measured yet"]


def test_layers_lie_on_the_roof_of_every_device() -> None:
    roofs = {"CPU": (1e10, 1e9), "GPU": (1e13, 1e12)}
    layers = [("ReLU", 0.125), ("Dense", 0.5), ("Conv2d", 40.0), ("Dense", 5.0)]
    fig = scale.roofline(roofs, layers, "batch size 1")
    check_legends(fig)
    points = {tuple(map(float, (line.get_xdata()[0], line.get_ydata()[0]))) for line in fig.axes[0].lines}
    for flops, moved in roofs.values():
        for _, intensity in layers:
            assert (intensity, min(flops, moved * intensity)) in points
    labels = [text.get_text() for text in fig.axes[0].get_legend().get_texts()]
    assert sorted(labels) == ["CPU", "Conv2d", "Dense", "GPU", "other layers"]


def test_the_queue_shows_every_operation_at_its_time() -> None:
    asked, done = [(0.0, 2.0), (2.0, 4.0)], [(2.0, 5.0), (5.0, 8.0)]
    (ax,) = scale.queue({"one run": (asked, done)}, steps=2).axes
    boxes = {(box.get_x(), box.get_x() + box.get_width(), round(box.get_y() + 0.32)) for box in ax.patches}
    assert boxes == {(0, 2, 1), (2, 4, 1), (2, 5, 0), (5, 8, 0)}
    assert ax.get_title(loc="left") == "one run"


def test_each_format_has_its_bits() -> None:
    (ax,) = scale.number_formats().axes
    labels = [text for text in texts(ax) if text[0] in "sef" and "bits" not in text and text[1:2] in ("", " ")]
    assert labels == [label for e, f in ((8, 23), (8, 10), (8, 7), (5, 10)) for label in ("s", f"e × {e}", f"f × {f}")]
    assert len(ax.patches) == 32 + 19 + 16 + 16  # a cell for every bit


def test_every_process_has_a_share_and_takes_the_same_step() -> None:
    found = texts(scale.data_parallel(4).axes[0])
    assert [text for text in found if text.startswith("share")] == [f"share {rank}" for rank in range(4)]
    assert sum(text.startswith("the same step") for text in found) == 4
    assert sum(text.startswith("all-reduce") for text in found) == 1


def test_the_ring_says_whose_numbers_a_chunk_holds() -> None:
    held = [[frozenset({0}), frozenset({0, 1})], [frozenset({1}), frozenset({1})]]
    fig = scale.ring(held, [(0, 1)], "round 1")
    assert [text for text in texts(fig.axes[0]) if text[0] in "01a"] == ["0", "all", "1", "1"]
    widths = [patch.get_linewidth() for patch in fig.axes[0].patches if hasattr(patch, "get_xy")]
    assert widths == [1, 3, 1, 1]  # the chunk that has just come has the thick border


@pytest.mark.parametrize(("stages", "parts"), [(4, 8), (2, 1)])
def test_the_pipeline_waits_as_long_as_the_formula_says(stages: int, parts: int) -> None:
    (ax,) = scale.pipeline(stages, parts).axes
    assert len(ax.patches) == 2 * stages * parts
    ticks = int(ax.get_xlim()[1])
    idle = 1 - len(ax.patches) / (stages * ticks)
    assert np.isclose(idle, (stages - 1) / (parts + stages - 1))
    places = {(patch.get_x(), patch.get_y()) for patch in ax.patches}
    assert len(places) == len(ax.patches)  # no stage does two things at a time
