"""Augmented images: moved exactly where the settings say, never out of 0 … 1, by the seed alone."""

from typing import Any

import numpy as np
import pytest
import torch
from mistakes import check, rows

import dnnlib as dnn
from dnnlib.data import Augment, brightness, digits, noise, rotate, shift, zoom

STILL = Augment(shift=0, rotate=0, zoom=0, brightness=0, noise=0)
EVERY = [
    lambda x: shift(x, 1, -2),
    lambda x: rotate(x, 30),
    lambda x: zoom(x, 1.3),
    lambda x: brightness(x, 1.5),
    lambda x: noise(x, 0.3, 0),
    lambda x: Augment()(x, 0),
]
every_change = pytest.mark.parametrize("change", EVERY, ids=["shift", "rotate", "zoom", "brightness", "noise", "all"])


def images(*shape: int, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(0).random(shape, dtype=dtype)  # type: ignore[call-overload]


def moved(x: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """What a shift by whole pixels must give: a copy of a slice on black."""
    height, width = x.shape[-2:]
    new = np.zeros_like(x)
    new[..., max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)] = x[
        ..., max(-dy, 0) : height + min(-dy, 0), max(-dx, 0) : width + min(-dx, 0)
    ]
    return new


@pytest.mark.parametrize("shape", [(3, 7, 6), (3, 2, 6, 7)])
@pytest.mark.parametrize(("dy", "dx"), [(0, 0), (2, 0), (0, 3), (-1, 0), (0, -2), (3, -4), (20, 0)])
def test_shift_by_whole_pixels(shape: tuple[int, ...], dy: int, dx: int) -> None:
    """Bit for bit: `dy` moves down, `dx` to the right."""
    x = images(*shape)
    expected = np.zeros_like(x) if dy == 20 else moved(x, dy, dx)
    np.testing.assert_array_equal(shift(x, dy, dx), expected)


def test_shift_by_half_a_pixel() -> None:
    """Between two pixels lies their mean; beyond the edge is black."""
    x = np.array([[[0.2, 0.6, 1.0]]])
    np.testing.assert_allclose(shift(x, 0, 0.5), [[[0.1, 0.4, 0.8]]], rtol=1e-12)
    np.testing.assert_allclose(shift(x, 0, -0.5), [[[0.4, 0.8, 0.5]]], rtol=1e-12)


@pytest.mark.parametrize("shape", [(2, 7, 7), (2, 8, 8), (2, 3, 6, 6)])
@pytest.mark.parametrize("quarters", [-3, -1, 0, 1, 2, 4])
def test_rotate_by_quarters(shape: tuple[int, ...], quarters: int) -> None:
    """Counter-clockwise, as `np.rot90` turns, for sizes with a pixel in the middle and without."""
    x = images(*shape)
    expected = np.rot90(x, quarters, axes=(-2, -1))
    np.testing.assert_allclose(rotate(x, 90 * quarters), expected, atol=1e-6)


def test_rotate_about_the_centre() -> None:
    """What is round stays, and a spot beside the centre goes round it: from the right, over the top, to the left."""
    rows, columns = np.mgrid[-20:21, -20:21]
    disc = np.exp(-(rows**2 + columns**2) / 20)[np.newaxis]
    np.testing.assert_allclose(rotate(disc, 37), disc, atol=0.03)
    for degrees in (20, 90, 135, -45):
        a = np.deg2rad(degrees)
        right = np.exp(-(rows**2 + (columns - 8) ** 2) / 20)[np.newaxis]
        expected = np.exp(-((rows + 8 * np.sin(a)) ** 2 + (columns - 8 * np.cos(a)) ** 2) / 20)[np.newaxis]
        np.testing.assert_allclose(rotate(right, degrees), expected, atol=0.03)


@pytest.mark.parametrize("size", [60, 61])
def test_zoom_of_a_square(size: int) -> None:
    """A centred square has `factor` times the side, and stays centred."""
    x = np.zeros((1, size, size))
    x[:, 20:-20, 20:-20] = 1
    for factor in (0.5, 1.3, 2):
        new = zoom(x, factor)
        assert np.sqrt(new.sum() / x.sum()) == pytest.approx(factor, rel=0.05)
        np.testing.assert_allclose(new, new[:, ::-1, ::-1], atol=1e-12)
        np.testing.assert_allclose(new, new.transpose(0, 2, 1), atol=1e-12)
    assert zoom(x, 4).min() == 1, "it fills the image"


def test_brightness() -> None:
    x = images(4, 5, 5)
    np.testing.assert_allclose(brightness(x, 0.5), 0.5 * x)
    np.testing.assert_allclose(brightness(x, 3), np.minimum(3 * x, 1), rtol=1e-6)
    assert brightness(x, 0).max() == 0


def test_noise_has_its_deviation() -> None:
    """In the middle of the range nothing is clipped; at its ends, half is."""
    grey = np.full((50, 40, 40), 0.5)
    added = noise(grey, 0.05, rng=0) - grey
    assert added.mean() == pytest.approx(0, abs=3 * 0.05 / np.sqrt(added.size))
    assert added.std() == pytest.approx(0.05, rel=0.01)
    neighbours = np.corrcoef(added[..., 1:].ravel(), added[..., :-1].ravel())[0, 1]
    assert abs(neighbours) < 0.02, "each pixel has its own"
    black = noise(np.zeros((50, 40, 40)), 0.05, rng=0)
    assert (black == 0).mean() == pytest.approx(0.5, abs=0.01)


@every_change
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(5, 9, 8), (5, 3, 8, 9), (1, 1, 1)])
def test_shape_dtype_and_range_are_kept(change: Any, dtype: str, shape: tuple[int, ...]) -> None:
    x = np.where(images(*shape) > 0.5, 1, 0).astype(dtype)
    before = x.copy()
    new = change(x)
    assert (new.shape, new.dtype) == (x.shape, x.dtype)
    assert 0 <= new.min() <= new.max() <= 1
    assert not np.shares_memory(new, x)
    np.testing.assert_array_equal(x, before, err_msg="never in place")
    x.flags.writeable = False
    np.testing.assert_array_equal(change(x), new)
    np.testing.assert_array_equal(change(np.asfortranarray(x)), new)


def test_rounding_leads_nowhere_above_1() -> None:
    """Else what was changed once could not be changed again."""
    assert rotate(np.ones((300, 28, 28)), np.linspace(-180, 180, 300)).max() == 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(4, 28, 28), (4, 3, 9, 7)])
def test_settings_that_change_nothing(shape: tuple[int, ...], dtype: str) -> None:
    """Bit for bit the same image."""
    x = images(*shape, dtype=dtype)
    still = [shift(x, 0, 0), rotate(x, 0), zoom(x, 1), brightness(x, 1), noise(x, 0, 0), STILL(x, 0)]
    for new in still:
        np.testing.assert_array_equal(new, x)
        assert not np.shares_memory(new, x)


@pytest.mark.parametrize(
    ("change", "settings"),
    [
        (lambda x, s: shift(x, s, s), [1, -0.5, 3]),
        (rotate, [10, -90, 33.3]),
        (zoom, [0.5, 1, 1.7]),
        (brightness, [0.2, 1, 2]),
        (lambda x, s: noise(x, s, np.random.default_rng(0)), [0.1, 0, 0.4]),
    ],
)
def test_one_setting_an_image(change: Any, settings: list[float]) -> None:
    x = images(3, 2, 9, 8)
    together = change(x, np.array(settings))
    for i, setting in enumerate(settings):
        np.testing.assert_allclose(together[i], change(x, setting)[i], rtol=1e-6)
    np.testing.assert_array_equal(change(x, settings), together)


def test_channels_move_together() -> None:
    x = np.repeat(images(4, 1, 9, 9), 3, axis=1)
    new = Augment(noise=0)(x, 0)
    np.testing.assert_array_equal(new, np.repeat(new[:, :1], 3, axis=1))
    np.testing.assert_array_equal(new[:, 0], Augment(noise=0)(x[:, 0], 0))


def test_augment_is_one_interpolation() -> None:
    """Turn and enlarge about the centre, then move: the draws of `rng` tell the settings."""
    x, still = images(6, 15, 15), {"brightness": 0, "noise": 0}
    dy, dx, degrees, factor, light = np.random.default_rng(3).uniform(-1, 1, (5, 6))
    for limits, expected in (
        ({"shift": 4, "rotate": 0, "zoom": 0}, shift(x, 4 * dy, 4 * dx)),
        ({"shift": 0, "rotate": 50, "zoom": 0}, rotate(x, 50 * degrees)),
        ({"shift": 0, "rotate": 0, "zoom": 0.4}, zoom(x, 1 + 0.4 * factor)),
    ):
        np.testing.assert_allclose(Augment(**limits, **still)(x, 3), expected, atol=1e-6)
    bright = Augment(0, 0, 0, brightness=0.5, noise=0)(x, 3)
    np.testing.assert_allclose(bright, brightness(x, 1 + 0.5 * light), rtol=1e-6)
    dot = np.zeros((6, 15, 15))
    dot[:, 7, 10] = 1  # 3 to the right of the centre
    new = Augment(shift=3, rotate=60, zoom=0.3, **still)(dot, 3)
    place = np.stack([(new * axis).sum(axis=(1, 2)) / new.sum(axis=(1, 2)) for axis in np.mgrid[:15, :15]])
    angle, distance = np.deg2rad(60 * degrees), 3 * (1 + 0.3 * factor)
    expected = [7 - distance * np.sin(angle) + 3 * dy, 7 + distance * np.cos(angle) + 3 * dx]
    np.testing.assert_allclose(place, expected, atol=0.25)


def test_augment_draws_between_its_limits() -> None:
    """Uniformly, to both sides, anew for every image, and down apart from to the right."""
    dot = np.zeros((2000, 21, 21))
    dot[:, 10, 10] = 1
    new = Augment(shift=8, rotate=0, zoom=0, brightness=0, noise=0)(dot, 0)
    down, right = ((new * axis).sum(axis=(1, 2)) - 10 for axis in np.mgrid[:21, :21])
    light = Augment(0, 0, 0, brightness=0.3, noise=0)(np.full((2000, 1, 1), 0.5), 0).ravel() / 0.5 - 1
    for drawn, limit in ((down, 8), (right, 8), (light, 0.3)):
        assert (drawn.min(), drawn.max()) == (pytest.approx(-limit, rel=0.01), pytest.approx(limit, rel=0.01))
        assert drawn.mean() == pytest.approx(0, abs=0.05 * limit)
        assert drawn.std() == pytest.approx(limit / np.sqrt(3), rel=0.04)
    assert abs(np.corrcoef(down, right)[0, 1]) < 0.1


def test_augment_by_its_seed() -> None:
    x, augment = images(5, 8, 8), Augment()
    rng = np.random.default_rng(1)
    first = augment(x, rng)
    np.testing.assert_array_equal(augment(x, 1), first)
    assert not np.array_equal(augment(x, rng), first), "a generator goes on"
    assert not np.array_equal(augment(x, 2), first)
    np.random.seed(0)  # noqa: NPY002 - the global generator must not matter
    np.testing.assert_array_equal(augment(x, 1), first)
    same = np.repeat(x[:1], 5, axis=0)
    assert len(np.unique(augment(same, 1).reshape(5, -1), axis=0)) == 5, "each image has its own settings"


def test_training_on_augmented_digits() -> None:
    """They stay readable: who trained on such reads most of those that it never saw, many more than who did not."""
    x, y = digits()
    augment = Augment(shift=1, rotate=10, zoom=0.1, brightness=0.2, noise=0.05)

    def transform(xb: np.ndarray, rng: int | np.random.Generator) -> np.ndarray:
        return augment(xb.reshape(-1, 8, 8), rng).reshape(xb.shape)

    x_test, accuracy = transform(x[1400:], 5), {}
    for name, how in (("plain", None), ("augmented", transform)):
        model = dnn.Sequential(dnn.Dense(64, 60), dnn.ReLU(), dnn.Dense(60, 10), seed=0)
        options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(0.01), "batch_size": 100, "epochs": 10}
        model.fit(x[:1400], y[:1400], transform=how, **options)
        accuracy[name] = model.evaluate(x_test, y[1400:]).accuracy
    assert accuracy["augmented"] > 0.7
    assert accuracy["augmented"] > accuracy["plain"] + 0.1


def test_repr() -> None:
    assert repr(Augment(shift=1)) == "Augment(shift=1, rotate=10, zoom=0.1, brightness=0.2, noise=0.05)"


GOOD = images(3, 4, 4)
NAN = np.where(np.arange(48).reshape(3, 4, 4) == 7, np.nan, GOOD)


@rows(
    [
        ("vectors", lambda: rotate(GOOD[0], 10), ValueError, ["rotate: images", "(4, 4)", "x.reshape(-1, 28, 28)"]),
        ("none", lambda: Augment()(GOOD[:0], 0), ValueError, ["Augment: images must be of shape", "(0, 4, 4)"]),
        ("five axes", lambda: zoom(GOOD[None, None], 1), ValueError, ["zoom: images must be of shape", "(1, 1, 3"]),
        ("bytes", lambda: shift((GOOD * 255).astype("u1"), 1, 1), TypeError, ["shift: images must be", "uint8"]),
        ("tensor", lambda: noise(torch.ones(1, 4, 4), 1, 0), TypeError, ["noise: images must be", "Tensor"]),
        ("list", lambda: brightness([[[1.0]]], 1), TypeError, ["brightness: images must be a NumPy array", "list"]),
        ("above 1", lambda: Augment()(GOOD * 255, 0), ValueError, ["Augment: pixels must lie", "divide bytes"]),
        ("below 0", lambda: shift(GOOD - 1, 1, 1), ValueError, ["pixels must lie in 0 … 1", "before you standardize"]),
        ("not a number", lambda: rotate(NAN, 1), ValueError, ["pixels must lie in 0 … 1", "nan"]),
        ("two settings", lambda: shift(GOOD, [1, 2], 0), ValueError, ["shift: dy", "each of the 3 images", "[1, 2]"]),
        ("text", lambda: shift(GOOD, 1, "2"), ValueError, ["shift: dx must be one number", "'2'"]),
        ("nan angle", lambda: rotate(GOOD, np.nan), ValueError, ["rotate: degrees must be finite, got nan"]),
        ("zoom 0", lambda: zoom(GOOD, 0), ValueError, ["zoom: factor must be above 0, got 0"]),
        ("zoom of one", lambda: zoom(GOOD, [1, -1, 1]), ValueError, ["zoom: factor must be above 0, got [1, -1, 1]"]),
        ("dark", lambda: brightness(GOOD, -0.1), ValueError, ["brightness: factor must be at least 0, got -0.1"]),
        ("quiet", lambda: noise(GOOD, -1, 0), ValueError, ["noise: std must be at least 0, got -1"]),
        ("endless", lambda: zoom(GOOD, np.inf), ValueError, ["zoom: factor must be above 0, got inf"]),
        *(
            (f"{name}={v!r}", lambda name=name, v=v: Augment(**{name: v}), ValueError, [f"Augment: {name}", repr(v)])
            for name, v in (
                ("shift", -1), ("rotate", float("nan")), ("zoom", 1), ("brightness", 1.0), ("noise", "0.1"),
                ("shift", True), ("rotate", None), ("noise", float("inf")), ("shift", [1, 2]),
            )
        ),
    ]
)  # fmt: skip
def test_mistakes(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
