"""More data from the data at hand: images shifted, turned, enlarged, brightened and made noisy. Lectures A35, C22.

Images are float32 or float64 arrays with values from 0 to 1, of shape (N, height, width) or (N, channels, height,
width); vectors are made images by `x.reshape(-1, 28, 28)`, one image is `x[:1]`. What comes out is a new array of that
shape and dtype with values from 0 to 1. A setting is one number for all images, or an array with one for each.

A pixel of the new image at p = (row, column) takes the value that the old image has at

    q = (1/z) R(−θ) (p − c − t) + c

where c is the image's centre, t the shift, θ the angle and z the zoom. Between the four pixels around q it is
interpolated (bilinear); outside the old image all is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.checks import FRACTION, NOT_NEGATIVE, check_real

BOUNDS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "finite": np.isfinite,
    "at least 0": lambda v: v >= 0,
    "above 0": lambda v: v > 0,
}


def shift(x: np.ndarray, dy: Any, dx: Any) -> np.ndarray:
    """Each image moved by `dy` pixels down and `dx` to the right; what comes in from outside is 0.

    Raises TypeError or ValueError for what is no image, ValueError for settings that do not fit. Source: lecture C22.
    """
    _check_images("shift", x)
    return _transform(x, dy=_settings("shift", "dy", dy, len(x)), dx=_settings("shift", "dx", dx, len(x)))


def rotate(x: np.ndarray, degrees: Any) -> np.ndarray:
    """Each image turned about its centre, counter-clockwise for positive `degrees`; corners from outside are 0.

    Raises TypeError or ValueError for what is no image, ValueError for settings that do not fit. Source: lecture C22.
    """
    _check_images("rotate", x)
    return _transform(x, degrees=_settings("rotate", "degrees", degrees, len(x)))


def zoom(x: np.ndarray, factor: Any) -> np.ndarray:
    """Each image enlarged about its centre by `factor` (below 1: made smaller, with 0 around it).

    Raises TypeError or ValueError for what is no image, ValueError for a factor that is not above 0.
    Source: lecture C22.
    """
    _check_images("zoom", x)
    return _transform(x, factor=_settings("zoom", "factor", factor, len(x), "above 0"))


def brightness(x: np.ndarray, factor: Any) -> np.ndarray:
    """x ← min(factor · x, 1): above 1 brighter, below 1 darker.

    Raises TypeError or ValueError for what is no image, ValueError for a factor below 0. Source: lecture C22.
    """
    _check_images("brightness", x)
    factor = _settings("brightness", "factor", factor, len(x), "at least 0").astype(x.dtype)
    return np.clip(x * _column(factor, x), 0, 1)


def noise(x: np.ndarray, std: Any, rng: int | np.random.Generator) -> np.ndarray:
    """x ← x + ε, clipped to 0 … 1, with ε drawn anew for every pixel from a normal distribution of deviation `std`.

    Raises TypeError or ValueError for what is no image, ValueError for a deviation below 0. Source: lecture C22.
    """
    _check_images("noise", x)
    std = _settings("noise", "std", std, len(x), "at least 0").astype(x.dtype)
    drawn = np.random.default_rng(rng).standard_normal(x.shape, dtype=x.dtype)
    return np.clip(x + _column(std, x) * drawn, 0, 1)


class Augment:
    """Changes every image of a batch by chance, each in its own way: `augment(x, rng)`.

        shift, down and to the right    each from [−shift, shift] pixels
        angle                           from [−rotate, rotate] degrees
        zoom                            from [1 − zoom, 1 + zoom]
        brightness                      from [1 − brightness, 1 + brightness]

    all drawn uniformly, then pixel noise of the deviation `noise`. Shift, angle and zoom are one interpolation, so an
    image is blurred only once. The same `rng` (a seed or a generator) gives the same images.

    As the `transform` of `Sequential.fit` it gives other images in every epoch; vectors are made images and back:

        model.fit(x, y, transform=augment, ...)

        def augment_vectors(x, rng):
            return augment(x.reshape(-1, 28, 28), rng).reshape(x.shape)

    The defaults leave digits of 28×28 pixels readable; other images need others. Choose what leaves the label true:
    a 6 turned by 180 degrees is a 9. Augment before standardizing, and never the validation or test data.

    Raises ValueError for a setting below 0, or a zoom or brightness of 1 and more; in the call, TypeError or ValueError
    for what is no image. Source: lectures A35, C22; Simard et al. (2003).
    """

    def __init__(
        self,
        shift: float = 2,
        rotate: float = 10,
        zoom: float = 0.1,
        brightness: float = 0.2,
        noise: float = 0.05,
    ) -> None:
        self.shift = check_real("Augment: shift", shift, NOT_NEGATIVE)
        self.rotate = check_real("Augment: rotate", rotate, NOT_NEGATIVE)
        self.zoom = check_real("Augment: zoom", zoom, FRACTION)
        self.brightness = check_real("Augment: brightness", brightness, FRACTION)
        self.noise = check_real("Augment: noise", noise, NOT_NEGATIVE)

    def __call__(self, x: np.ndarray, rng: int | np.random.Generator) -> np.ndarray:
        _check_images("Augment", x)
        rng = np.random.default_rng(rng)
        dy, dx, degrees, factor, light = rng.uniform(-1, 1, (5, len(x)))
        moved = _transform(x, self.shift * dy, self.shift * dx, self.rotate * degrees, 1 + self.zoom * factor)
        return noise(brightness(moved, 1 + self.brightness * light), self.noise, rng)

    def __repr__(self) -> str:
        return f"Augment({', '.join(f'{name}={value}' for name, value in vars(self).items())})"


def _transform(x: np.ndarray, dy: Any = 0.0, dx: Any = 0.0, degrees: Any = 0.0, factor: Any = 1.0) -> np.ndarray:
    """The module's equation, for every image with its own setting."""
    from scipy.ndimage import affine_transform

    height, width = x.shape[-2:]
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    settings = np.stack(np.broadcast_arrays(dy, dx, np.deg2rad(degrees), factor, np.zeros(len(x)))[:4], axis=1)
    new = np.empty_like(x)
    for old_image, new_image, (down, right, angle, z) in zip(_planes(x), _planes(new), settings, strict=True):
        back = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) / z
        offset = centre - back @ (centre + np.array([down, right]))
        for old, plane in zip(old_image, new_image, strict=True):
            affine_transform(old, back, offset, output=plane, order=1, mode="grid-constant")
    return np.clip(new, 0, 1, out=new)  # interpolation may round to just above 1


def _planes(x: np.ndarray) -> np.ndarray:
    """A view of the images with one axis for the channels in any case."""
    return x if x.ndim == 4 else x[:, np.newaxis]


def _column(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """One value an image, in a shape that multiplies all its pixels."""
    return values.reshape(-1, *(1,) * (x.ndim - 1))


def _check_images(what: str, x: np.ndarray) -> None:
    if not isinstance(x, np.ndarray) or x.dtype.name not in engine.DTYPES:
        raise TypeError(f"{what}: images must be a NumPy array of float32 or float64, got {engine.describe(x)}")
    if x.ndim not in (3, 4) or x.size == 0:
        raise ValueError(
            f"{what}: images must be of shape (N, height, width) or (N, channels, height, width), got {x.shape}; "
            f"vectors are made images by x.reshape(-1, 28, 28), one image is image[np.newaxis]"
        )
    if not (x.min() >= 0 and x.max() <= 1):
        raise ValueError(
            f"{what}: pixels must lie in 0 … 1, got values from {x.min():g} to {x.max():g}; augment before you "
            f"standardize, and divide bytes by 255"
        )


def _settings(what: str, name: str, values: Any, images: int, bound: str = "finite") -> np.ndarray:
    """One number for every image, from one for all or an array of them."""
    settings = np.asarray(values)
    if settings.dtype.kind not in "iuf" or settings.shape not in ((), (images,)):
        raise ValueError(
            f"{what}: {name} must be one number, or an array with one for each of the {images} images, "
            f"got {engine.describe(values)}"
        )
    settings = np.broadcast_to(settings.astype(np.float64), images)
    if not (np.isfinite(settings) & BOUNDS[bound](settings)).all():
        raise ValueError(f"{what}: {name} must be {bound}, got {values!r}")
    return settings
