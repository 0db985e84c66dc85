"""Toy sets: points of the plane that can be seen at a glance, and the logic gates. Lectures A05, B05."""

from __future__ import annotations

import math

import numpy as np

from dnnlib.checks import NOT_NEGATIVE, POSITIVE, check_count, check_real

GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XOR": (0, 1, 1, 0),
    "XNOR": (1, 0, 0, 1),
}


def gate(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The truth table of a logic gate with two inputs: x (4, 2), float32, and y (4,), int64.

        x = (0, 0), (0, 1), (1, 0), (1, 1)        AND: y = 0, 0, 0, 1        XOR: y = 0, 1, 1, 0

    `name` is AND, OR, NAND, NOR, XOR or XNOR. No straight line separates the classes of the last two.
    Raises ValueError for another name. Source: lecture A05.
    """
    if name not in GATES:
        raise ValueError(f"gate: name must be one of {', '.join(GATES)}, got {name!r}")
    x = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], dtype=np.float32)
    return x, np.array(GATES[name], dtype=np.int64)


def moons(n: int, noise: float, rng: int | np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that reach into each other: x (n, 2), float32, and y (n,), int64.

        y = 0:   x = (cos t, sin t)                          t from 0 to π
        y = 1:   x = (1 − cos t, ½ − sin t)

    Then normal noise of the deviation `noise` is added to both coordinates. At 0 a network separates the moons, at
    0.2 they begin to touch, at 0.5 they lie upon each other. The classes have n/2 points each (of an odd n, class 1
    has one more), in an order drawn with `rng` (a seed or a generator).

    Raises ValueError for an n below 2 or a noise below 0. Source: scikit-learn's `make_moons`.
    """
    t0, t1 = (np.linspace(0, math.pi, m) for m in _classes("moons", n, 2))
    upper, lower = (np.cos(t0), np.sin(t0)), (1 - np.cos(t1), 0.5 - np.sin(t1))
    return _points("moons", [upper, lower], noise, rng)


def circles(n: int, noise: float, rng: int | np.random.Generator, factor: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """A circle within a circle: x (n, 2), float32, and y (n,), int64.

        y = 0:   x = (cos t, sin t)                          t from 0 to 2π
        y = 1:   x = factor · (cos t, sin t)

    Noise, order and class sizes as in `moons`. Raises ValueError for an n below 2, a noise below 0, or a factor
    outside (0, 1). Source: scikit-learn's `make_circles`.
    """
    factor = check_real("circles: factor", factor, ("lie between 0 and 1", lambda value: 0 < value < 1))
    t0, t1 = (2 * math.pi * np.arange(m) / m for m in _classes("circles", n, 2))
    return _points("circles", [(np.cos(t0), np.sin(t0)), (factor * np.cos(t1), factor * np.sin(t1))], noise, rng)


def spirals(
    n: int, noise: float, rng: int | np.random.Generator, turns: float = 1.0, classes: int = 2
) -> tuple[np.ndarray, np.ndarray]:
    """Spiral arms around one another, an arm a class: x (n, 2), float32, and y (n,), int64.

        y = k:   x = r · (cos a, sin a),   a = 2π (turns · r + k / classes)        r from 0 to 1

    Noise and order as in `moons`; the sizes of the classes differ by 1 at most. Raises ValueError for fewer points
    than classes or fewer than 2 classes, a noise below 0, or turns that are not above 0. Source: lecture B05.
    """
    turns = check_real("spirals: turns", turns, POSITIVE)
    classes = check_count("spirals: classes", classes, least=2)
    arms = []
    for k, m in enumerate(_classes("spirals", n, classes)):
        r = np.arange(1, m + 1) / m  # not from 0, where all arms meet
        a = 2 * math.pi * (turns * r + k / classes)
        arms.append((r * np.cos(a), r * np.sin(a)))
    return _points("spirals", arms, noise, rng)


def _classes(what: str, n: int, classes: int) -> list[int]:
    """How many of n points each class gets."""
    n = check_count(f"{what}: n, the number of points,", n, least=classes)
    return [(n + k) // classes for k in range(classes)]


def _points(
    what: str, curves: list[tuple[np.ndarray, np.ndarray]], noise: float, rng: int | np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The points of all curves, noisy, in random order, with the number of the curve as label."""
    noise = check_real(f"{what}: noise, a standard deviation,", noise, NOT_NEGATIVE)
    rng = np.random.default_rng(rng)
    x = np.concatenate([np.stack(curve, axis=1) for curve in curves])
    y = np.repeat(np.arange(len(curves)), [len(curve[0]) for curve in curves])
    x += noise * rng.standard_normal(x.shape)
    order = rng.permutation(len(x))
    return x[order].astype(np.float32), y[order].astype(np.int64)
