"""The races: each path is drawn up to its step, and the alt text says where everyone is."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

import dnnlib as dnn
from dnnlib.figures import races
from dnnlib.surfaces import BOWL, Surface


def paths() -> dict[str, np.ndarray]:
    return {
        "SGD": BOWL.descend(dnn.SGD(lr=0.1), (2.0, 1.0), 20),
        "Adam": BOWL.descend(dnn.Adam(lr=0.1), (2.0, 1.0), 5),
    }


def test_every_racer_has_a_colour_of_its_own() -> None:
    assert len(set(races.RACERS.values())) == len(races.RACERS)


def test_paths_end_at_the_step_or_at_their_own_last_point() -> None:
    fig, _ = races.race(BOWL, paths(), step=10)
    discs = [line for line in fig.axes[0].lines if line.get_marker() == "o"]
    ends = [np.ravel(line.get_xydata()) for line in discs]
    assert np.allclose(ends, [paths()["SGD"][10], paths()["Adam"][5]])
    assert [to_hex(disc.get_color()) for disc in discs] == [races.RACERS[n].lower() for n in ("SGD", "Adam")]


def test_the_alt_text_gives_the_losses() -> None:
    _, alt = races.race(BOWL, paths(), step=10)
    loss = BOWL.loss(*paths()["SGD"][10])
    assert f"SGD {loss:.2f}" in alt
    assert "after 10 steps" in alt


@pytest.mark.parametrize("log", [False, True])
def test_the_minimum_has_a_star_if_there_is_one(log: bool) -> None:
    for minimum, stars in ((BOWL.minimum, 1), (None, 0)):
        surface = Surface("bowl", BOWL.loss, BOWL.gradient, BOWL.xlim, BOWL.ylim, minimum)
        _, ax = plt.subplots()
        races.heights(ax, surface, log)
        assert sum(line.get_marker() == "*" for line in ax.lines) == stars
        assert ax.get_xlim() == BOWL.xlim
