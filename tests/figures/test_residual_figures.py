"""The pictures of residual networks show the shortcut, every path, and landscapes that can be compared."""

from __future__ import annotations

import numpy as np
import pytest

from dnnlib.figures import residual
from dnnlib.figures.style import COLORS


def texts(ax: object) -> list[str]:
    return [text.get_text() for text in ax.texts]  # type: ignore[attr-defined]


def test_only_the_residual_block_has_a_shortcut_and_a_sum() -> None:
    plain, block = residual.two_blocks().axes
    assert [line.get_color() for line in block.lines] == [COLORS["orange"]]
    assert not plain.lines
    assert "+" in texts(block)
    assert "+" not in texts(plain)
    assert "$H(x) = F(x) + x$" in texts(block)


def test_the_unrolled_network_has_every_subset_of_its_bodies_as_a_path() -> None:
    row, paths = residual.unrolled().axes
    assert texts(row).count("+") == 3
    assert len(paths.lines) == 2**3
    lengths = [int(text) for text in texts(paths) if text.isdigit()]
    assert sorted(lengths) == [0, 1, 1, 1, 2, 2, 2, 3]
    assert sum(text.startswith("$F_") for text in texts(paths)) == sum(lengths)


@pytest.mark.parametrize("names", [["plain"], ["plain", "residual"]])
def test_landscapes_share_their_levels(names: list[str]) -> None:
    ticks, levels = np.linspace(-1, 1, 9), [0.5, 1.0, 1.5]
    bowl = np.add.outer(ticks**2, ticks**2)
    fig = residual.landscapes(ticks, {name: bowl + i for i, name in enumerate(names)}, levels)
    panels = fig.axes[: len(names)]
    assert [ax.get_title(loc="center") for ax in panels] == names
    for ax in panels:
        assert any(list(getattr(drawn, "levels", [])) == levels for drawn in ax.collections)
