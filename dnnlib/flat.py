"""The flat vectors θ, ∇L(θ) and the state, and the layers' views into them. Lectures A07, A08, C10."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array
from dnnlib.layers.base import Layer

Views = list[dict[str, Array]]  # of every layer: its pieces of the three vectors, by name


def starts(layers: Sequence[Layer], rng: np.random.Generator) -> np.ndarray:
    """Starting values of all parameters in one row, drawn from `rng`; ValueError for those of another shape."""
    return _joined(values for layer in layers for values in _starting_values(layer, rng))


def _starting_values(layer: Layer, rng: np.random.Generator) -> list[np.ndarray]:
    """The layer's starting values in the order of its shapes."""
    values = {name: np.asarray(start) for name, start in layer.initialize(rng).items()}
    shapes, found = layer.shapes(), {name: start.shape for name, start in values.items()}
    if found != shapes:
        raise ValueError(f"{layer}: initialize must give arrays of shapes {shapes}, got {found}")
    return [values[name] for name in shapes]


def buffers(layers: Sequence[Layer]) -> np.ndarray:
    """Starting values of all that layers remember beside their parameters, in one row."""
    return _joined(values for layer in layers for values in layer.buffers().values())


def _joined(arrays: Iterator[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0), *(values.ravel() for values in arrays)])


def views(layers: Sequence[Layer], theta: Array, grad: Array, state: Array) -> Views:
    """What each layer sees of three flat vectors like θ, ∇L(θ) and the state: slices without a copy, in its shapes.

    By name: "weight" of θ, "grad_weight" of ∇L(θ), "running_mean" of the state.
    """
    offset, remembered = 0, 0
    found: Views = []
    for layer in layers:
        own: dict[str, Array] = {}
        for name, shape in layer.shapes().items():
            part = slice(offset, offset + math.prod(shape))
            own[name] = theta[part].reshape(shape)
            own[f"grad_{name}"] = grad[part].reshape(shape)
            offset = part.stop
        for name, start in layer.buffers().items():
            part = slice(remembered, remembered + start.size)
            own[name] = state[part].reshape(start.shape)
            remembered = part.stop
        found.append(own)
    return found


@contextmanager
def tied(layers: Sequence[Layer], to: Views) -> Iterator[None]:
    """While it lasts, the layers compute with these views, and not with their own."""
    before = [layer.views for layer in layers]
    try:
        for layer, other in zip(layers, to, strict=True):
            layer.views = other
        yield
    finally:
        for layer, own in zip(layers, before, strict=True):
            layer.views = own


def copy_in(name: str, values: Any, flat: Array) -> None:
    """Copy a user's values into a flat vector, unless they are that vector itself, as after `model.theta -= …`."""
    if values is not flat:
        values = engine.as_floats(values, name, flat)
        if values.shape != flat.shape:
            raise ValueError(f"{name} has {len(flat)} entries, got an array of shape {tuple(values.shape)}")
        flat[...] = values
