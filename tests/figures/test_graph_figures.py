"""Graphs with numbers on them: every number appears, arrows run the right way, crossing edges keep theirs apart."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from dnnlib import figures
from dnnlib.figures.graph import graph

COLUMNS = [["a", "b"], ["c", "d"]]
EDGES = {("a", "c"): "1", ("a", "d"): "2", ("b", "c"): "3", ("b", "d"): "4"}


def texts(fig: Figure) -> dict[str, Text]:
    return {text.get_text(): text for text in fig.axes[0].texts if text.get_text()}


def arrows(fig: Figure) -> list[np.ndarray]:
    return [np.asarray(p.get_path().vertices) for p in fig.axes[0].patches if isinstance(p, FancyArrowPatch)]


def test_every_number_is_written_where_it_belongs() -> None:
    found = texts(graph(COLUMNS, EDGES, above={"a": "up"}, below={"a": "down"}, gradients={("b", "d"): "grad"}))
    assert {"a", "b", "c", "d", "1", "2", "3", "4", "grad", "up", "down"} <= set(found)
    colors = {name: found[name].get_color() for name in ("up", "down", "grad")}
    wanted = {"up": "green", "down": "orange", "grad": "purple"}
    assert colors == {name: figures.COLORS[color] for name, color in wanted.items()}


def boxes(fig: Figure) -> dict[str, Bbox]:
    fig.canvas.draw()
    return {name: text.get_window_extent() for name, text in texts(fig).items()}


def test_numbers_stand_on_the_outer_side_and_do_not_overlap() -> None:
    above, below = {"a": "a1\na2", "b": "b1\nb2"}, {"a": "a3", "b": "b3"}
    box = boxes(graph(COLUMNS, EDGES, above, below, lines=3))
    assert box["a3"].y0 >= box["a1\na2"].y1 > box["a1\na2"].y0 > box["a"].y1
    assert box["b3"].y1 <= box["b1\nb2"].y0 < box["b1\nb2"].y1 < box["b"].y0


def test_a_node_in_the_middle_has_one_on_each_side() -> None:
    box = boxes(graph([["a"], ["b"]], {("a", "b"): ""}, above={"a": "up"}, below={"a": "down"}))
    assert box["up"].y0 > box["a"].y1 > box["a"].y0 > box["down"].y1


def test_room_for_the_lines_does_not_depend_on_the_texts() -> None:
    few, many = graph(COLUMNS, EDGES, lines=4), graph(COLUMNS, EDGES, above={"a": "1\n2\n3\n4"}, lines=4)
    assert few.axes[0].get_ylim() == many.axes[0].get_ylim()
    fig = graph(COLUMNS, EDGES, lines=1)
    assert fig.axes[0].get_ylim()[1] < few.axes[0].get_ylim()[1]


def test_an_edge_for_each_entry_and_no_other() -> None:
    assert len(arrows(graph(COLUMNS, EDGES))) == 4
    assert len(arrows(graph(COLUMNS, {("a", "c"): ""}))) == 1


@pytest.mark.parametrize("backward", [False, True])
def test_arrows_run_forward_or_backward(backward: bool) -> None:
    fig = graph(COLUMNS, EDGES, backward=backward)
    patches = fig.axes[0].patches
    assert any(isinstance(patch, Polygon) for patch in patches) == backward
    for patch in patches:
        if isinstance(patch, FancyArrowPatch):
            (start, _), (end, _) = patch._posA_posB  # type: ignore[attr-defined]
            assert (end < start) == backward


def test_texts_of_crossing_edges_stand_apart() -> None:
    found = texts(graph(COLUMNS, EDGES))
    places = [np.array(found[text].get_position()) for text in "1234"]
    apart = [np.linalg.norm(p - q) for i, p in enumerate(places) for q in places[:i]]
    assert min(apart) > 0.5


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="e is in none of the columns"):
        graph(COLUMNS, EDGES, above={"e": "0"})
