"""Data and what prepares it: nothing lost, nothing doubled, nothing learnt from what is kept for the test."""

from typing import Any

import numpy as np
import pytest
import torch
from catalogue import on_every_engine, put
from mistakes import check, rows

import dnnlib as dnn
from dnnlib import engine
from dnnlib.data import Standardizer, batches, digits, k_fold, one_hot

IMAGES = Standardizer(np.random.default_rng(0).random((2, 3, 5, 5)))
VECTORS = Standardizer(np.random.default_rng(0).random((2, 3)))


def examples(n: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Examples that can be told apart, with the label 10 times the number."""
    return np.arange(n, dtype=np.float32).reshape(n, 1), 10 * np.arange(n)


def test_digits() -> None:
    x, y = digits()
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((1797, 64), np.float32, (1797,), np.int64)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert set(np.unique(16 * x)) == set(range(17))
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    first = (16 * x[0].reshape(8, 8)).astype(int)
    assert y[0] == 0
    assert first[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    x[...] = 7
    assert digits()[0].max() == 1.0, "each call gives arrays of one's own"


def test_one_hot() -> None:
    rows = one_hot([2, 0, 1, 2], 4)
    assert rows.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
    assert rows.dtype == np.float32
    y = digits()[1]
    np.testing.assert_array_equal(one_hot(y, 10).argmax(1), y)
    np.testing.assert_array_equal(one_hot(y, 10), torch.nn.functional.one_hot(torch.tensor(y), 10))
    np.testing.assert_array_equal(one_hot(torch.tensor(y), 10), one_hot(y.astype("uint8"), 10))
    assert one_hot(np.zeros(0, int), 3).shape == (0, 3)
    rows[0] = 5
    assert one_hot([2], 4).max() == 1


def test_standardizer() -> None:
    rng = np.random.default_rng(0)
    train, test = rng.normal(5, 3, (200, 4)), rng.normal(50, 30, (100, 4))
    scale = Standardizer(train)
    np.testing.assert_allclose(scale(train).mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scale(train).var(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(scale(test), (test - train.mean(axis=0)) / train.std(axis=0), rtol=1e-12)
    before = train.copy()
    train[...] = 0
    np.testing.assert_allclose(scale(before).mean(axis=0), 0, atol=1e-12, err_msg="it keeps numbers, not the array")


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "uint8"])
def test_standardizer_keeps_the_precision(dtype: str) -> None:
    x = np.random.default_rng(0).integers(0, 200, (5000, 3)).astype(dtype)
    scaled = Standardizer(x)(x)
    assert scaled.dtype == (dtype if dtype.startswith("float") else "float32")
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=1e-5)


def test_standardizer_of_numbers_far_from_zero() -> None:
    """Mean and deviation are taken in float64, for float32 cannot add up so many large numbers."""
    x = (np.random.default_rng(0).integers(0, 200, (20_000, 1)) + 10_000).astype("float32")
    scaled = Standardizer(x)(x)
    assert abs(scaled.mean(dtype=np.float64)) < 1e-6
    assert scaled.std(dtype=np.float64) == pytest.approx(1, abs=1e-6)


def test_standardizer_of_numbers_too_small_to_square() -> None:
    """Their deviation is 0 in float64; they are shifted, not divided by it."""
    assert np.isfinite(Standardizer(np.array([[1e-200], [2e-200]]))(np.array([[0.0], [1.0]]))).all()


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 1e6 + 0.1, -1e-30])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", [1, 7, 1000])
def test_standardizer_of_a_constant_feature(value: float, dtype: str, n: int) -> None:
    """It becomes 0, and rounding in the mean is not taken for a spread. So is a pixel that is always black in MNIST."""
    x = np.full((n, 2), value, dtype)
    x[:, 1] = np.arange(n)
    scale = Standardizer(x)
    np.testing.assert_array_equal(scale(x)[:, 0], 0)
    assert scale(x + np.array([3, 0], dtype))[:, 0] == pytest.approx(3, rel=1e-6 if abs(value) < 1 else 0.05)


def test_standardizer_of_images() -> None:
    """A channel is a feature: all its pixels share a mean and a deviation, as in one long column of its values."""
    x = np.random.default_rng(0).normal((5, -70, 0), (3, 20, 1e-3), (40, 6, 5, 3)).transpose(0, 3, 1, 2)
    scale = Standardizer(x)
    columns = x.transpose(0, 2, 3, 1).reshape(-1, 3)
    np.testing.assert_allclose(scale.mean.ravel(), columns.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(scale.scale.ravel(), columns.std(axis=0), rtol=1e-12)
    np.testing.assert_allclose(scale(x).mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(scale(x).var(axis=(0, 2, 3)), 1, atol=1e-12)
    larger = np.random.default_rng(1).normal(size=(2, 3, 9, 9)).astype("f")
    assert scale(larger).dtype == np.float32
    np.testing.assert_allclose(scale(larger)[:, 1], (larger[:, 1] - x[:, 1].mean()) / x[:, 1].std(), rtol=1e-5)
    x[:, 2] = 1 / 3
    np.testing.assert_array_equal(Standardizer(x)(x)[:, 2], 0)


@pytest.mark.parametrize("shape", [(6,), (3, 4, 4)])
def test_nothing_leaks_into_a_standardizer(shape: tuple[int, ...]) -> None:
    """In every fold, what it learns is the same whatever the data are that it is not given, and stays as it is."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(7, 3, (50, *shape)), np.arange(50)
    for (x_train, y_train), (x_val, y_val) in k_fold(x, y, 5, rng=3):
        scale = Standardizer(x_train)
        learnt = scale.mean.copy(), scale.scale.copy()
        scale(x_val), scale(1000 * x_val)
        np.testing.assert_array_equal((scale.mean, scale.scale), learnt)
        spoiled = x.copy()
        spoiled[y_val] = 1e6
        again = Standardizer(spoiled[y_train])
        np.testing.assert_array_equal((again.mean, again.scale), learnt)
        axes = (0, 2, 3) if len(shape) == 3 else 0
        np.testing.assert_allclose(scale(x_train).mean(axis=axes), 0, atol=1e-12)
        assert np.abs(scale(x_val).mean(axis=axes)).max() > 1e-3, "the validation part has a mean of its own"


@on_every_engine
@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(30, [30, 30, 30, 10]), (50, [50, 50]), (100, [100]), (101, [100]), (1, [1] * 100)]
)
@pytest.mark.parametrize("rng", [None, 4])
def test_batches(device: str, batch_size: int, sizes: list[int], rng: int | None) -> None:
    x, y = (put(values, device) for values in examples())
    parts = list(batches(x, y, batch_size, rng=rng))
    assert [len(xb) for xb, _ in parts] == [len(yb) for _, yb in parts] == sizes
    order = [int(v) for _, yb in parts for v in yb]
    assert sorted(order) == list(range(0, 1000, 10))
    assert (order == sorted(order)) == (rng is None)
    for xb, yb in parts:
        assert type(xb) is type(x)
        assert (engine.device_of(xb), engine.dtype_of(xb)) == (engine.device_of(x), engine.dtype_of(x))
        assert bool((10 * xb[:, 0] == yb).all())


@on_every_engine
def test_batches_shuffle_every_epoch_anew(device: str) -> None:
    x, y = (put(values, device) for values in examples())
    rng = np.random.default_rng(0)
    orders = [[int(v) for _, yb in batches(x, y, 30, rng) for v in yb] for _ in range(3)]
    assert orders[0] != orders[1] != orders[2] != orders[0]
    on_numpy = np.random.default_rng(0)
    assert orders == [[int(v) for _, yb in batches(*examples(), 30, on_numpy) for v in yb] for _ in range(3)]


def test_shuffled_batches_are_copies() -> None:
    x, y = examples()
    for xb, _ in batches(x, y, 30, rng=0):
        xb += 1
    np.testing.assert_array_equal(x, examples()[0])


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (lambda: (*examples(), 0), ValueError, "batch_size must be an integer of at least 1, got 0"),
        (lambda: (*examples(), -3), ValueError, "batch_size must be an integer of at least 1, got -3"),
        (lambda: (*examples(), 2.5), ValueError, "batch_size must be an integer of at least 1, got 2.5"),
        (lambda: (examples(5)[0], examples(4)[1], 2), ValueError, r"one row an example, got shapes \(5, 1\), \(4,\)"),
        (lambda: (*examples(0), 2), ValueError, "batches: there are no examples"),
        (lambda: ([1, 2], np.ones(2), 2), TypeError, "batches: x must be a NumPy array or torch tensor, got list"),
        (lambda: (np.ones(2), (1, 2), 2), TypeError, "batches: y must be a NumPy array or torch tensor, got tuple"),
    ],
)
def test_batches_refuse_at_once(arguments: Any, error: type[Exception], words: str) -> None:
    """At the call, not when the first batch is asked for, which may be far away."""
    with pytest.raises(error, match=words):
        dnn.batches(*arguments())


@rows(
    [
        ("rank 3", lambda: Standardizer(np.ones((4, 3, 2))), ValueError, ["(N, channels, height, width)", "(4, 3, 2)"]),
        ("no pixels", lambda: Standardizer(np.ones((4, 3, 0, 2))), ValueError, ["(4, 3, 0, 2)"]),
        (
            "other channels",
            lambda: IMAGES(np.ones((4, 2, 5, 5))),
            ValueError,
            ["(N, 3, height, width)", "(4, 2, 5, 5)"],
        ),
        ("vectors", lambda: IMAGES(np.ones((4, 3))), ValueError, ["(N, 3, height, width), got (4, 3)"]),
        ("images", lambda: VECTORS(np.ones((4, 3, 5, 5))), ValueError, ["(N, 3), got (4, 3, 5, 5)"]),
    ]
)
def test_standardizer_refuses(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
