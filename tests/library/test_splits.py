"""Parts and folds: every example in exactly one, classes in their proportion, drawn by the seed alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from mistakes import X, Y, check, rows

from dnnlib.data import digits, k_fold, random_split


def examples(n: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Examples that can be told apart, with the label 10 times the number."""
    return np.arange(n, dtype=np.float32).reshape(n, 1), 10 * np.arange(n)


@pytest.mark.parametrize(
    ("lengths", "counts"),
    [
        ([70, 20, 10], [70, 20, 10]),
        ([0.7, 0.2, 0.1], [70, 20, 10]),
        ([0.5, 0.5], [50, 50]),
        ([1 / 3, 1 / 3, 1 / 3], [33, 33, 34]),
        ([0.666, 0.334], [67, 33]),
        ([100], [100]),
        ([1.0], [100]),
        (np.array([60, 40]), [60, 40]),
    ],
)
def test_random_split(lengths: Any, counts: list[int]) -> None:
    x, y = examples()
    parts = random_split(x, y, lengths, rng=0)
    assert [len(part) for part, _ in parts] == counts
    assert [len(part) for _, part in parts] == counts
    assert sorted(np.concatenate([part[:, 0] for part, _ in parts])) == list(range(100))
    assert all((10 * xs[:, 0] == ys).all() for xs, ys in parts)
    assert parts[0][0].dtype == np.float32


def test_random_split_shuffles_by_its_seed() -> None:
    x, y = examples()
    first, same, other = (
        random_split(x, y, [0.8, 0.2], rng)[1][1].tolist() for rng in (1, np.random.default_rng(1), 2)
    )
    assert first == same
    assert first != other
    assert first != sorted(first)
    first_again, second = (random_split(x, y, [0.8, 0.2], rng)[1][1].tolist() for rng in [np.random.default_rng(1)] * 2)
    assert first_again == first
    assert second != first, "a generator goes on"
    assert x[:, 0].tolist() == list(range(100)), "the data themselves stay in order"


def test_random_split_of_tensors() -> None:
    x, y = (torch.tensor(values) for values in examples())
    (x_train, y_train), (x_test, _) = random_split(x, y, [0.8, 0.2], rng=0)
    assert isinstance(x_train, torch.Tensor)
    assert (len(x_train), len(x_test)) == (80, 20)
    assert bool((10 * x_train[:, 0] == y_train).all())
    np.testing.assert_array_equal(x_test, random_split(*examples(), [0.8, 0.2], rng=0)[1][0])


@pytest.mark.parametrize(
    "split", [lambda x, y: random_split(x, y, [0.5, 0.5], 0), lambda x, y: next(k_fold(x, y, 2, 0))]
)
@pytest.mark.parametrize("shape", [(), (4,), (3, 5, 5)])
def test_any_shape_on_either_engine(split: Callable[..., Any], shape: tuple[int, ...]) -> None:
    x, y = np.random.default_rng(0).random((10, *shape)), np.arange(10)
    on_numpy, on_torch = split(x, y), split(torch.tensor(x), torch.tensor(y))
    for part, tensors in zip(on_numpy, on_torch, strict=True):
        np.testing.assert_array_equal(part[0], x[part[1]])
        for ours, tensor in zip(part, tensors, strict=True):
            assert isinstance(tensor, torch.Tensor)
            np.testing.assert_array_equal(tensor, ours)


@pytest.mark.parametrize("stratify", [False, True])
@pytest.mark.parametrize(("n", "k"), [(100, 5), (103, 5), (104, 10), (7, 2), (9, 3)])
def test_k_fold(n: int, k: int, stratify: bool) -> None:
    x = examples(n)[0]
    y = np.arange(n) % 2
    folds = list(k_fold(x, y, k, rng=0, stratify=stratify))
    assert len(folds) == k
    sizes = [len(x_val) for _, (x_val, _) in folds]
    assert sorted(set(sizes), reverse=True) == sorted({n // k, -(-n // k)}, reverse=True)
    assert sorted(np.concatenate([x_val[:, 0] for _, (x_val, _) in folds])) == list(range(n))
    for (x_train, y_train), (x_val, y_val) in folds:
        assert sorted(np.concatenate([x_train, x_val])[:, 0]) == list(range(n)), "nothing lost, nothing in both"
        assert (x_train[:, 0] % 2 == y_train).all()
        assert (x_val[:, 0] % 2 == y_val).all()
        assert list(x_val[:, 0]) != sorted(x_val[:, 0]) or len(x_val) < 4, "shuffled"


def test_k_fold_by_its_seed() -> None:
    x, y = examples()

    def first(rng: Any) -> list[int]:
        return next(k_fold(x, y, 5, rng))[1][1].tolist()

    rng = np.random.default_rng(1)
    assert first(1) == first(rng) != first(2)
    assert first(rng) != first(1), "a generator goes on"
    assert [len(list(k_fold(x, y, k, 0))) for k in (2, 100)] == [2, 100], "k = N leaves one out"


def assert_shares(y: np.ndarray, parts: list[np.ndarray]) -> None:
    """Each part has its share of each class, rounded up or down."""
    for label in np.unique(y):
        for part in parts:
            share = (y == label).sum() * len(part) / len(y)
            assert abs((part == label).sum() - share) <= 1, (label, len(part), share)


@given(
    st.lists(st.integers(4, 40), min_size=1, max_size=6),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.integers(0, 9),
)
def test_stratified_parts(members: list[int], weights: list[int], seed: int) -> None:
    """The lengths come out exactly, and every class count is within 1 of its share, whatever both are."""
    y = np.repeat(np.arange(len(members)) * 7 - 3, members)
    lengths = np.diff(np.round(np.cumsum([0, *weights]) / sum(weights) * len(y)).astype(int))
    if lengths.min() < 1:
        return
    parts = random_split(np.arange(len(y)), y, lengths, seed, stratify=True)
    assert [len(labels) for _, labels in parts] == lengths.tolist()
    assert sorted(np.concatenate([numbers for numbers, _ in parts])) == list(range(len(y)))
    assert all((y[numbers] == labels).all() for numbers, labels in parts)
    assert_shares(y, [labels for _, labels in parts])


def test_stratified_by_hand() -> None:
    """60 zeros, 30 ones and 10 twos, 70 : 20 : 10, have no remainders: the counts are the shares."""
    y = np.repeat([0, 1, 2], [60, 30, 10])
    parts = random_split(y, y, [0.7, 0.2, 0.1], rng=0, stratify=True)
    assert [np.bincount(labels).tolist() for _, labels in parts] == [[42, 21, 7], [12, 6, 2], [6, 3, 1]]
    assert np.bincount(random_split(y, y, [0.7, 0.2, 0.1], rng=1)[2][1], minlength=3).tolist() != [6, 3, 1]
    train = parts[0][1]
    assert train.tolist() != sorted(train), "the classes come mixed"


def test_stratified_folds() -> None:
    x, y = digits()
    folds = list(k_fold(x, y, 10, rng=0, stratify=True))
    assert_shares(y, [y_val for _, (_, y_val) in folds])
    assert_shares(y, [y_train for (_, y_train), _ in folds])
    floats = list(k_fold(x, y.astype("f"), 10, rng=0, stratify=True))
    np.testing.assert_array_equal(floats[3][1][0], folds[3][1][0])


RARE = np.array([0] * 5 + [1] * 3 + [2] * 2)


@rows(
    [
        ("k of 1", lambda: k_fold(X, Y, 1, 0), ValueError, ["k_fold: k must be an integer from 2 to the 10", "got 1"]),
        ("k above N", lambda: k_fold(X, Y, 11, 0), ValueError, ["from 2 to the 10 examples, got 11"]),
        ("k of 2.0", lambda: k_fold(X, Y, 2.0, 0), ValueError, ["k must be an integer", "2.0"]),
        ("k true", lambda: k_fold(X, Y, True, 0), ValueError, ["k must be an integer", "True"]),
        ("no examples", lambda: k_fold(X[:0], Y[:0], 2, 0), ValueError, ["k_fold: there are no examples"]),
        ("lengths", lambda: k_fold(X, Y[:9], 2, 0), ValueError, ["k_fold: x and y must have one row an example"]),
        ("list", lambda: k_fold([1], Y, 2, 0), TypeError, ["k_fold: x must be a NumPy array or torch tensor"]),
        (
            "rare class",
            lambda: k_fold(X, RARE, 3, 0, stratify=True),
            ValueError,
            ["k_fold: class 2 has 2 of the 10 examples, too few for 3 stratified parts", "stratify=False"],
        ),
        (
            "rare class of parts",
            lambda: random_split(X, RARE, [0.4, 0.3, 0.3], 0, stratify=True),
            ValueError,
            ["random_split: class 2 has 2 of the 10 examples, too few for 3", "make fewer parts"],
        ),
        (
            "one-hot",
            lambda: random_split(X, np.eye(10), [0.5, 0.5], 0, stratify=True),
            ValueError,
            ["y must be labels of shape (N,)", "(10, 10)"],
        ),
    ]
)
def test_refusals_come_at_once(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
