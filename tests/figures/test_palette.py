"""Colours that stay apart for people who lack one kind of cone, and that are never the only difference."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from dnnlib import figures
from dnnlib.figures import planes
from dnnlib.figures.legend import check_legends, contrast
from dnnlib.figures.style import INK, PAPER

ROOT = Path(__file__).parents[2]
PLAYGROUNDS = "\n".join(path.read_text("utf-8") for path in (ROOT / "dnnlib/figures/playgrounds").glob("*.js"))
# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency",
# IEEE TVCG 15(6), at full severity: what linear sRGB becomes.
SEEN_WITH = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
# Side by side, two colours differ just noticeably at ΔE = 2.3 in CIELAB (Mahy, 1994). Areas that touch have twice that,
# and thin lines that lie apart four times.
AREAS, LINES = 5, 10
# To many people these are the same. The legend of no figure rests on it: `check_legends` refuses what does.
ALIKE = [("orange", "yellow"), ("purple", "grey")]


def lab(color: str | tuple[float, ...], cones: str = "all cones") -> np.ndarray:
    """The colour in CIELAB, as seen with these cones."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(SEEN_WITH[cones]) @ linear, 0, 1) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least_difference(first: str, second: str) -> float:
    """The smallest ΔE of two colours for any of these people."""
    return min(float(np.linalg.norm(lab(first, cones) - lab(second, cones))) for cones in SEEN_WITH)


@pytest.mark.parametrize("color", [*figures.COLORS.values(), INK])
def test_lines_stand_out_from_the_paper(color: str) -> None:
    assert contrast(color, PAPER) >= 3, "the least for graphics, WCAG 1.4.11"


def test_faint_lines_are_found() -> None:
    assert contrast("#F0E442", PAPER) < 3, "Okabe and Ito's own yellow is too faint on paper"


def test_every_pair_of_colours_stays_apart() -> None:
    colors = figures.COLORS | {"ink": INK}
    close = [pair for pair in combinations(colors, 2) if least_difference(*(colors[name] for name in pair)) < LINES]
    assert close == ALIKE


@pytest.mark.parametrize(("red", "green"), [("#d62728", "#2ca02c"), ("#ff0000", "#00aa00")])
def test_red_and_green_are_refused(red: str, green: str) -> None:
    assert np.linalg.norm(lab(red) - lab(green)) > 100
    assert least_difference(red, green) < LINES


def test_the_regions_of_two_classes_stay_apart() -> None:
    _, ax = plt.subplots()
    x = np.array([[0.0, 0.0], [1.0, 1.0]])
    planes.decision_regions(ax, lambda points: points[:, 0] - 0.5, x, np.array([0, 1]))
    fills = ax.collections[0].get_facecolor()
    assert least_difference(tuple(fills[0]), tuple(fills[1])) >= AREAS


def test_playgrounds_take_the_colours_of_the_plots() -> None:
    listed = re.search(r"COLORS = \[(.*?)\]", PLAYGROUNDS)
    assert listed, "element.js lists the colours"
    assert re.findall(r"#\w{6}", listed[1]) == [color.lower() for color in figures.COLORS.values()]


def test_two_colours_of_a_playground_stay_apart() -> None:
    for first, second in re.findall(r'\? "(#\w{6})" : "(#\w{6})"', PLAYGROUNDS):
        assert least_difference(first, second) >= LINES, (first, second)


def colour_maps() -> list[str]:
    """The named colour maps of the library and the chapters; classes have a palette, which the digits of 00 label."""
    files = [*ROOT.glob("dnnlib/figures/*.py"), *ROOT.glob("chapters/*.ipynb")]
    found = re.compile(r'(?:cmap=|get_cmap\(|SIGNED = |image\.cmap": )\\?"(\w+)\\?"')
    return sorted({name for path in files for name in found.findall(path.read_text("utf-8"))} - {"tab10"})


@pytest.mark.parametrize("name", colour_maps())
def test_colour_maps_keep_their_order(name: str) -> None:
    levels = [tuple(color) for color in plt.get_cmap(name)(np.linspace(0, 1, 17))]
    for cones in SEEN_WITH:
        seen = np.array([lab(color, cones) for color in levels])
        steps = np.diff(seen[:, 0])
        one_way = np.all(steps > 0) or np.all(steps < 0)
        two_ways = np.all(steps[:8] > 0) and np.all(steps[8:] < 0)
        assert one_way or two_ways, f"{name} with {cones}: lightness {seen[:, 0].round()}"
        if two_ways:
            assert np.linalg.norm(seen[0] - seen[-1]) > 3 * LINES, f"the ends of {name} look alike with {cones}"


def test_a_rainbow_keeps_no_order() -> None:
    with pytest.raises(AssertionError, match="jet"):
        test_colour_maps_keep_their_order("jet")
    with pytest.raises(AssertionError, match="the ends of"):
        test_colour_maps_keep_their_order("RdYlGn")


def drawn(**second: object) -> Figure:
    fig, ax = plt.subplots()
    ax.plot([0, 1], color=figures.COLORS["blue"], label="one")
    ax.plot([1, 0], **{"color": figures.COLORS["orange"], "label": "other"} | second)
    ax.legend()
    return fig


def test_colour_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="'one' and 'other' differ in colour alone"):
        check_legends(drawn())
    with pytest.raises(ValueError, match="colour alone"):
        figures.show(drawn(), alt="Two straight lines that cross, one rising and one falling.")


@pytest.mark.parametrize("other", [{"ls": "--"}, {"marker": "o"}, {"lw": 4}, {"color": "#000000"}])
def test_another_line_is_enough(other: dict[str, object]) -> None:
    assert check_legends(drawn(**other)) is None


def test_filled_shapes_and_points_need_more_than_colour() -> None:
    fig, (bars, points) = plt.subplots(1, 2)
    for color, hatch, marker in (("C0", "", "o"), ("C1", "//", "s")):
        bars.bar([0], [1], color=color, hatch=hatch, label=color)
        points.scatter([0], [1], color=color, marker=marker, label=color)
    bars.legend()
    points.legend()
    assert check_legends(fig) is None
    for ax in (bars, points):
        other = ax.figure.add_subplot()
        draw = other.bar if ax is bars else other.scatter
        for color in ("C0", "C1"):
            draw([0], [1], color=color, label=color)
        other.legend()
        with pytest.raises(ValueError, match="colour alone"):
            check_legends(fig)
        other.remove()
