"""Legends that can be read without colours: on grey paper, and by people who see few of them."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, PathCollection
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dnnlib.figures.style import PAPER

LIGHTER = 3.0  # the contrast of two colours that are told apart without hue (WCAG 2.2, on success criterion 1.4.1)
WIDER = 1.5  # the ratio of two sizes or widths that are told apart


def luminance(color: str | tuple[float, ...]) -> float:
    """The relative luminance of WCAG 2.2, from 0 (black) to 1 (white); what is transparent lies on the paper."""
    *rgb, alpha = to_rgba(color)
    mixed = alpha * np.array(rgb) + (1 - alpha) * np.array(to_rgb(PAPER))
    linear = np.where(mixed <= 0.04045, mixed / 12.92, ((mixed + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: str | tuple[float, ...], second: str | tuple[float, ...] = PAPER) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)


def check_legends(fig: Figure) -> None:
    """Raise ValueError if two entries of a legend differ in their colour alone."""
    for legend in [*fig.legends, *filter(None, (ax.get_legend() for ax in fig.axes))]:
        entries = [
            (_look(handle), text.get_text())
            for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True)
            if handle is not None
        ]
        for (first, one), (second, other) in combinations(entries, 2):
            if _alike(first, second):
                raise ValueError(
                    f"the legend's entries {one!r} and {other!r} differ in colour alone, which not everybody sees. "
                    "Give one of them another line ('--', ':'), marker ('o', 's') or hatch ('//')"
                )


Look = tuple[Hashable, float, tuple[float, ...]]


def _alike(first: Look, second: Look) -> bool:
    (shape, size, color), (other_shape, other_size, other_color) = first, second
    near = max(size, other_size) < WIDER * min(size, other_size)
    return shape == other_shape and near and contrast(color, other_color) < LIGHTER


def _look(handle: Artist) -> Look:
    """The shape of a legend's entry, its size, and its colour."""
    if isinstance(handle, Line2D):
        line = handle.get_linestyle() != "None"
        filled = contrast(handle.get_markerfacecolor()) > 1.1  # not the paper's colour, nor none
        size = handle.get_linewidth() if line else handle.get_markersize()
        shape = (handle.get_linestyle(), handle.get_marker(), filled)
        return shape, float(size), to_rgba(handle.get_color(), handle.get_alpha())
    if isinstance(handle, Patch):
        return (handle.get_hatch(), handle.get_fill()), 1.0, to_rgba(handle.get_facecolor())
    if isinstance(handle, PathCollection):
        outline = np.round(np.asarray(handle.get_paths()[0].vertices, dtype=float), 2).tobytes()
        colors = handle.get_facecolor() if len(handle.get_facecolor()) else handle.get_edgecolor()
        return (outline, len(handle.get_facecolor())), float(handle.get_sizes()[0]) ** 0.5, tuple(colors[0])
    if isinstance(handle, Collection):
        return str(handle.get_linestyle()), float(np.max(handle.get_linewidth())), tuple(handle.get_edgecolor()[0])
    raise TypeError(f"a legend's entry of an unknown kind: {handle!r}")
