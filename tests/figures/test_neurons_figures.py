"""A network of which only some neurons take part."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dnnlib import figures

ACTIVE = [np.array([True, True]), np.array([True, False, True]), np.array([True])]


@pytest.mark.parametrize(
    ("off", "neurons", "connections", "crosses"),
    [("pale", 6, 6 + 3, 0), ("crossed", 6, 6, 1), ("absent", 5, 6, 0)],
)
def test_what_takes_no_part_is_pale_crossed_or_absent(off: str, neurons: int, connections: int, crosses: int) -> None:
    _, ax = plt.subplots()
    figures.thinned_network(ax, ACTIVE, "net", off)
    assert len(ax.patches) == neurons
    assert sum(len(lines.get_paths()) for lines in ax.collections) == connections
    assert [line.get_marker() for line in ax.lines] == ["x"] * crosses
    assert ax.get_title() == "net"


def test_another_way_to_be_off_is_refused() -> None:
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match='"pale", "crossed" or "absent", got \'grey\''):
        figures.thinned_network(ax, ACTIVE, off="grey")
