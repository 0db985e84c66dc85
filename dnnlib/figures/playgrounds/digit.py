"""The digit playground of chapter 12: the reader draws, and a network that the chapter trained answers in the page."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.checks import Rule, check_real
from dnnlib.figures.playgrounds.base import Playground
from dnnlib.layers import Dense, Layer, ReLU, Sigmoid, Tanh
from dnnlib.model import Sequential

PIXELS, DIGITS = 64, 10
FULL = 16  # the ink of a pixel that is all black
ACTIVATIONS = (ReLU, Sigmoid, Tanh)
SURE: Rule = ("lie in [0.5, 1)", lambda value: 0.5 <= value < 1)


class DigitPlayground(Playground):
    """A canvas to draw a digit on, and what `model` makes of it: its activations and ten probabilities.

    The strokes become an image as those of `dnnlib.data.digits` were made: set upright, scaled, centred, counted in
    blocks. `model` is a `Sequential` of `Dense` layers, with `ReLU`, `Sigmoid` or `Tanh` after each but the last, from
    64 pixels to 10 logits. Its θ travels as float32, so round it before you measure it. `x` (N, 64) and `y` (N,) are
    held-out digits as of `dnnlib.data.digits`: the page counts how many it reads right, and shows them on request.
    Below the probability `sure` it says that it is unsure.

    Raises TypeError for what is no Sequential, ValueError for another network, other data and a θ not rounded.
    """

    def __init__(self, model: Sequential, x: np.ndarray, y: np.ndarray, sure: float = 0.9) -> None:
        given = {
            "layers": _layers(model),
            "theta": _base64("x-float32", _rounded(model)),
            "digits": _base64("x-uint8", _bytes(x)),
            "labels": _checked_labels(y, len(x)),
            "sure": check_real("DigitPlayground: sure", sure, SURE),
        }
        description = (
            "A canvas on which you draw a digit, and a small network that reads it: ten bars with its probabilities, "
            "and what its hidden neurons answer. It needs JavaScript."
        )
        super().__init__("dnn-digit", ("digit_reader.js", "digit.js"), given, description)


def _layers(model: Sequential) -> list[dict[str, Any]]:
    """Inputs, outputs and activation of each dense layer."""
    if not isinstance(model, Sequential):
        raise TypeError(f"DigitPlayground: model must be a dnnlib.Sequential, got {engine.describe(model)}")
    for position, layer in enumerate(model.layers):
        if not _fits(layer, position) or (position == len(model.layers) - 1 and not isinstance(layer, Dense)):
            raise ValueError(
                f"DigitPlayground: model must be Dense, activation, Dense, …, Dense with the activations "
                f"{', '.join(kind.__name__ for kind in ACTIVATIONS)}; layer {position} is {layer}"
            )
    dense = [layer for layer in model.layers if isinstance(layer, Dense)]
    if (ends := (dense[0].in_features, dense[-1].out_features)) != (PIXELS, DIGITS):
        raise ValueError(f"DigitPlayground: model must lead from {PIXELS} pixels to {DIGITS} logits, got {ends}")
    names = [type(layer).__name__ for layer in model.layers if not isinstance(layer, Dense)]
    return [
        {"inputs": layer.in_features, "outputs": layer.out_features, "activation": name}
        for layer, name in zip(dense, [*names, None], strict=True)
    ]


def _fits(layer: Layer, position: int) -> bool:
    """Is it what stands at this position: a dense layer with its bias, or after it an activation?"""
    return type(layer) in ACTIVATIONS if position % 2 else type(layer) is Dense and layer.has_bias


def _rounded(model: Sequential) -> np.ndarray:
    theta = engine.to_numpy(model.theta)
    short = theta.astype("<f4")
    if not np.array_equal(short, theta):
        raise ValueError(
            "DigitPlayground: the page computes with θ in float32, and this one has more digits or is not finite: "
            'round it before you measure it: model.theta = model.theta.astype("float32")'
        )
    return short


def _bytes(x: np.ndarray) -> np.ndarray:
    """The images as counts of ink from 0 to 16."""
    expected = f"x must be of shape (N, {PIXELS}) with the values 0, 1/{FULL}, …, 1, as dnnlib.data.digits"
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or x.ndim != 2 or x.shape[1] != PIXELS or not len(x):
        raise ValueError(f"DigitPlayground: {expected}, got {engine.describe(x)}")
    ink = FULL * x
    if not (np.isin(ink, range(FULL + 1))).all():
        raise ValueError(f"DigitPlayground: {expected}, got values from {x.min():g} to {x.max():g}")
    return ink.astype(np.uint8)


def _checked_labels(y: np.ndarray, images: int) -> str:
    """The labels as one string of digits."""
    labels = np.asarray(y)
    if labels.dtype.kind not in "iu" or labels.shape != (images,) or not np.isin(labels, range(DIGITS)).all():
        raise ValueError(
            f"DigitPlayground: labels y must be {images} integers from 0 to 9, one an image, got {engine.describe(y)}"
        )
    return "".join(map(str, labels))


def _base64(kind: str, values: np.ndarray) -> str:
    """As a data address, whose kind says what is in it: `tests/nbval.cfg` masks the weights by it."""
    return f"data:application/{kind};base64,{base64.b64encode(values.tobytes()).decode()}"
