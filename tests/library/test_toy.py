"""Toy sets: on the curves of their equations without noise, spread as far as the noise says, balanced and shuffled."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mistakes import check, rows
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from dnnlib.data import circles, gate, moons, spirals

each_set = pytest.mark.parametrize("make", [moons, circles, spirals])


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("AND", lambda a, b: a and b),
        ("OR", lambda a, b: a or b),
        ("NAND", lambda a, b: not (a and b)),
        ("NOR", lambda a, b: not (a or b)),
        ("XOR", lambda a, b: a != b),
        ("XNOR", lambda a, b: a == b),
    ],
)
def test_gates(name: str, function: Callable[[int, int], bool]) -> None:
    x, y = gate(name)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((4, 2), np.float32, (4,), np.int64)
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == [int(function(int(a), int(b))) for a, b in x]
    x[...] = 5
    assert gate(name)[0].max() == 1, "each call gives arrays of one's own"


@each_set
@pytest.mark.parametrize("n", [2, 101, 200])
def test_shape_and_balance(make: Any, n: int) -> None:
    x, y = make(n, 0.1, 0)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((n, 2), np.float32, (n,), np.int64)
    assert np.bincount(y).tolist() == [n // 2, n - n // 2]
    assert n == 2 or y.tolist() != sorted(y)


@each_set
def test_drawn_by_the_seed(make: Any) -> None:
    x, y = make(50, 0.1, 3)
    rng = np.random.default_rng(3)
    for a, b in zip((x, y), make(50, 0.1, rng), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(make(50, 0.1, rng)[0], x), "a generator goes on"
    assert not np.array_equal(make(50, 0.1, 4)[0], x)


def by_place(x: np.ndarray) -> np.ndarray:
    return x[np.lexsort(np.round(x, 4).T)]


def test_moons_are_those_of_scikit_learn() -> None:
    x, y = moons(60, 0, 0)
    theirs, labels = make_moons(60, shuffle=False)
    for label in (0, 1):
        np.testing.assert_allclose(by_place(x[y == label]), by_place(theirs[labels == label]), atol=1e-6)


def test_circles() -> None:
    x, y = circles(60, 0, 0, factor=0.3)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(y == 0, 1, 0.3), rtol=1e-6)
    angles = np.sort(np.arctan2(*x[y == 1].T[::-1]) % (2 * np.pi))
    np.testing.assert_allclose(np.diff(angles), 2 * np.pi / 30, atol=1e-5, err_msg="all around, evenly")


@pytest.mark.parametrize(("turns", "classes"), [(1.0, 2), (0.25, 2), (2, 3)])
def test_spirals(turns: float, classes: int) -> None:
    """On the way out every arm turns `turns` times, and the next arm is the same, turned by a part of a circle."""
    x, y = spirals(120, 0, 0, turns=turns, classes=classes)
    assert np.bincount(y).tolist() == [120 // classes] * classes
    r = np.hypot(*x.T)
    np.testing.assert_allclose(np.sort(r[y == 0]), np.arange(1, 120 // classes + 1) / (120 // classes), rtol=1e-5)
    turned = np.arctan2(x[:, 1], x[:, 0]) / (2 * np.pi) - turns * r - y / classes
    np.testing.assert_allclose(turned - np.round(turned), 0, atol=1e-5)


@each_set
def test_noise_is_a_standard_deviation(make: Any) -> None:
    """Points are drawn in the order of the noise, so the same seed without noise gives the points beneath."""
    added = make(5000, 0.2, 0)[0].astype(float) - make(5000, 0, 0)[0]
    np.testing.assert_allclose(added.mean(axis=0), 0, atol=0.01)
    np.testing.assert_allclose(added.std(axis=0), 0.2, rtol=0.03)


def test_noise_levels_of_the_moons() -> None:
    """Apart at 0, and the more noise, the more they lie upon each other. A straight line never separates them."""
    found = {}
    for level in (0, 0.1, 0.3, 0.6):
        x, y = moons(400, level, 0)
        found[level] = cross_val_score(KNeighborsClassifier(5), x, y).mean()
        assert LogisticRegression().fit(x, y).score(x, y) < 0.93
    assert found[0] == 1
    assert found[0.1] > 0.99
    assert 0.85 < found[0.3] < 0.97
    assert 0.6 < found[0.6] < 0.85


@pytest.mark.parametrize(("make", "level"), [(circles, 0.05), (spirals, 0.03)])
def test_a_line_is_not_enough(make: Any, level: float) -> None:
    x, y = make(400, level, 0)
    assert cross_val_score(KNeighborsClassifier(3), x, y).mean() > 0.97
    assert LogisticRegression().fit(x, y).score(x, y) < 0.8


@rows(
    [
        ("gate", lambda: gate("xor"), ValueError, ["gate: name must be one of AND, OR, NAND, NOR, XOR, XNOR", "'xor'"]),
        (
            "one point",
            lambda: moons(1, 0, 0),
            ValueError,
            ["moons: n, the number of points, must be an integer of at least 2", "got 1"],
        ),
        ("half a point", lambda: circles(2.5, 0, 0), ValueError, ["circles: n, the number of points", "2.5"]),
        ("n true", lambda: circles(True, 0, 0), ValueError, ["circles: n, the number of points", "True"]),
        ("few for 5", lambda: spirals(4, 0, 0, classes=5), ValueError, ["must be an integer of at least 5"]),
        ("one class", lambda: spirals(9, 0, 0, classes=1), ValueError, ["spirals: classes must be", "2, got 1"]),
        (
            "no turns",
            lambda: spirals(9, 0, 0, turns=0),
            ValueError,
            ["spirals: turns must be a positive number, got 0"],
        ),
        ("endless", lambda: spirals(9, 0, 0, turns=np.inf), ValueError, ["spirals: turns must be a positive number"]),
        (
            "factor 1",
            lambda: circles(9, 0, 0, factor=1),
            ValueError,
            ["circles: factor must lie between 0 and 1, got 1"],
        ),
        ("text", lambda: circles(9, 0, 0, factor="0.5"), ValueError, ["circles: factor must lie between", "'0.5'"]),
        *(
            (f"noise {v!r}", lambda v=v: moons(9, v, 0), ValueError, ["moons: noise, a standard deviation", repr(v)])
            for v in (-0.1, float("nan"), float("inf"), "0.1", None, True)
        ),
    ]
)
def test_mistakes(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
