"""Parameters and running statistics by name, as torch's state dicts hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array
from dnnlib.model import Sequential


def state_dict(model: Sequential) -> dict[str, np.ndarray]:
    """Copies of all parameters and buffers as NumPy arrays, under the names that torch gives them ("0.weight").

    Counters (BatchNorm's num_batches_tracked) are integers, as in torch. For torch's own `load_state_dict`, make
    tensors of them: {name: torch.from_numpy(value) for name, value in state_dict(model).items()}. Lecture C11.
    """
    named = {name: np.array(engine.to_numpy(view)) for name, view in _views(model).items()}
    return {
        name: value.astype(np.int64) if name.endswith("num_batches_tracked") else value for name, value in named.items()
    }


def load_state_dict(model: Sequential, state: Mapping[str, Any]) -> None:
    """Copy parameters and buffers into the network: NumPy arrays or torch tensors, under torch's names.

    Any real numbers, from any device, become the network's dtype. Raises TypeError for what is not a mapping, and
    ValueError, naming all that is wrong at once, where names are missing or unexpected, shapes differ, or values are
    NaN, infinite or no numbers: nothing is changed then. Lecture C11.
    """
    if not isinstance(state, Mapping):
        raise TypeError(
            f"load_state_dict: expected a mapping from names to arrays, such as state_dict() of a network gives, "
            f"got {engine.describe(state)}"
        )
    views, values, wrong = _views(model), {}, []
    for name in {**views, **state}:
        if name not in state:
            wrong.append(f"{name} is missing")
        elif name not in views:
            wrong.append(f"{name} is not one of the network's")
        else:
            try:
                values[name] = _fitting(state[name], views[name])
            except (TypeError, ValueError) as error:
                wrong.append(f"{name}: {error}")
    if wrong:
        raise ValueError(f"load_state_dict: this is not the state of such a network: {'; '.join(wrong)}")
    for name, value in values.items():
        views[name][...] = value


def _views(model: Sequential) -> dict[str, Array]:
    """Parameters and buffers by name, in torch's order: layer by layer."""
    return {
        f"{position}.{name}": getattr(layer, name)
        for position, layer in model.named_layers()
        for name in (*layer.shapes(), *layer.buffers())
    }


def _fitting(value: Any, view: Array) -> Array:
    """The value on the device and in the dtype of `view`, if it has its shape."""
    if engine.is_torch(value) and value.is_floating_point():
        value = value.double()  # NumPy has no bfloat16
    value = engine.as_reals(value, "the value", view)
    if tuple(value.shape) != tuple(view.shape):
        raise ValueError(f"shape {tuple(view.shape)} needed, {tuple(value.shape)} found")
    if not bool(engine.namespace(value).isfinite(value).all()):
        raise ValueError(f"NaN or infinite in {engine.dtype_of(view)}")
    return value
