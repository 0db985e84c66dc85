"""The drawings of the chapter on networks: what they show must be what they are given."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from dnnlib.figures import networks


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def test_a_structure_has_a_circle_a_neuron_and_a_line_a_connection() -> None:
    _, ax = plt.subplots()
    networks.structure(ax, (2, 3, 1), title="small")
    assert sum(isinstance(patch, Circle) for patch in ax.patches) == 6
    assert sum(isinstance(patch, FancyArrowPatch) for patch in ax.patches) == 2 * 3 + 3 * 1
    assert ax.get_title() == "small"


def test_joined_chooses_the_connections_even_past_a_layer() -> None:
    _, ax = plt.subplots()
    networks.structure(ax, (2, 3, 1), lambda source, target: (source[0], target[0]) == (0, 2))
    assert sum(isinstance(patch, FancyArrowPatch) for patch in ax.patches) == 2


def test_a_forward_pass_shows_all_weights_and_only_the_values_reached() -> None:
    w, b = [np.array([[1.0, -2], [-1, 3]]), np.array([[4.0, 5]])], [np.array([0.0, 6]), np.array([-7.0])]
    z, a = [np.array([0.25, -0.75]), np.array([8.5])], [np.array([1.0, -1]), np.array([0.12, 0.34]), np.array([0.56])]
    shown = texts(networks.forward_pass(w, b, z, a, reached=1))
    assert {"1", "−2", "−1", "3", "4", "5", "b = 0", "b = 6", "b = −7"} <= set(shown)
    assert {"z = 0.25", "z = −0.75", "0.12", "0.34"} <= set(shown)
    assert "0.56" not in shown
    assert "z = 8.50" not in shown
    assert {"0.56", "z = 8.50"} <= set(texts(networks.forward_pass(w, b, z, a, reached=2)))


def test_the_plane_is_drawn_after_every_stage() -> None:
    stages = [("before", lambda x: x), ("after", lambda x: 2 * x)]
    fig = networks.plane_through_layers(stages, marks=[(1, -1)], reach=3)
    before, after = fig.axes
    assert (before.get_title(loc="left"), after.get_title(loc="left")) == ("before", "after")
    assert len(before.lines) == 2 * 7 + 1
    for line, doubled in zip(before.lines, after.lines, strict=True):
        assert np.allclose(2 * line.get_xydata(), doubled.get_xydata())
