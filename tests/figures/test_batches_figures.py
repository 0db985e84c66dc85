"""The pictures of chapter 07: batches on their way through an epoch, and what a network knows of each class."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch

from dnnlib.figures import batches


@pytest.mark.parametrize(("size", "updates"), [(1, 7), (3, 3), (7, 1)])
def test_every_batch_is_a_box_and_every_box_an_update(size: int, updates: int) -> None:
    (ax,) = batches.feeding([4, 0, 2, 6, 1, 5, 3], [size]).axes
    words = [text.get_text() for text in ax.texts]
    assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == updates == len(ax.lines)
    assert words[0].startswith(f"B = {size}: {updates} update")
    assert words[1:] == list("4026153"), "every example once, in its order"


def test_feeding_stays_inside_the_picture() -> None:
    (ax,) = batches.feeding(list(range(20)), [20, 5, 1]).axes
    right = max(np.asarray(line.get_xdata(), float).max() for line in ax.lines)
    assert right < ax.get_xlim()[1]


def test_feeding_refuses_empty_batches() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        batches.feeding([0, 1], [2, 0])


def test_class_accuracies_draws_what_it_is_given() -> None:
    accuracy = np.eye(3)
    fig = batches.class_accuracies(np.array([0, 10, 20]), {"one": accuracy, "two": 1 - accuracy})
    one, two = fig.axes[:2]
    assert [one.get_title(loc="left"), two.get_title(loc="left")] == ["one", "two"]
    assert np.array_equal(np.asarray(one.images[0].get_array()), accuracy)
    assert one.images[0].get_clim() == (0, 1), "the shade of an accuracy must not depend on the others"
    assert two.get_xlim() == (0, 20)
