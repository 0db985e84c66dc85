"""What makes a training the one that it is, in words: two trainings are the same if their words are."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array

if TYPE_CHECKING:
    from dnnlib.callbacks import Run


def describe(run: Run) -> dict[str, str]:
    """The network, the data and the options of `fit`, in words that are the same in another process."""
    model, validation = run.model, run.validation or ()
    return {
        **{f"layer {i}": written(layer) for i, layer in enumerate(model.layers)},
        "dtype": model.dtype,
        **{name: written(getattr(run, name)) for name in ("loss", "optimizer", "penalty", "schedule", "transform")},
        "batch_size": str(run.batch_size),
        **({} if run.precision == model.dtype else {"precision": run.precision}),
        **{name: fingerprint(getattr(run, name)) for name in ("x", "y")},
        **{name: fingerprint(values) for name, values in zip(("x_val", "y_val"), validation, strict=False)},
    }


def written(thing: Any) -> str:
    """`thing` as Python would make it, without what differs from process to process, such as addresses."""
    if isinstance(thing, np.generic):
        thing = thing.item()
    if thing is None or isinstance(thing, (bool, int, float, str)):
        return repr(thing)
    if isinstance(thing, (list, tuple)):
        return f"[{', '.join(map(written, thing))}]"
    if isinstance(thing, dict):
        return f"{{{', '.join(f'{key}: {written(value)}' for key, value in thing.items())}}}"
    if engine.is_array(thing):
        return fingerprint(thing)
    if inspect.isroutine(thing) or isinstance(thing, type):
        return thing.__qualname__
    try:
        options = {name: getattr(thing, name, ...) for name in inspect.signature(type(thing)).parameters}
    except ValueError:  # a class that is not written in Python
        options = {}
    options = thing.options() if hasattr(thing, "options") else options
    shown = [f"{name}={written(value)}" for name, value in options.items() if value is not ...]
    return f"{type(thing).__name__}({', '.join(shown)})"


def fingerprint(values: Array) -> str:
    """An array's dtype, shape, and digest of its values."""
    return f"{engine.dtype_of(values)} {tuple(values.shape)}, SHA-256 {digest('', {'': values})[:12]}"


def digest(text: str, arrays: dict[str, Array]) -> str:
    """SHA-256 of a text and of arrays: names, dtypes, shapes and every byte."""
    found = hashlib.sha256(text.encode())
    for name, values in sorted(arrays.items()):
        host = np.ascontiguousarray(engine.to_numpy(values))
        found.update(f"{name} {host.dtype.str} {host.shape}".encode())
        found.update(host.reshape(-1).view(np.uint8).data)
    return found.hexdigest()


def differences(descriptions: Sequence[dict[str, str]]) -> dict[str, dict[str, str]]:
    """What is not the same in all descriptions: by name, which value is in which of them, that of the first one first.

    `{"batch_size": {"30": "0, 2", "31": "1"}}`: 30 in descriptions 0 and 2.
    """
    found: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(name for one in descriptions for name in one):
        where: dict[str, list[str]] = {}
        for number, one in enumerate(descriptions):
            where.setdefault(one.get(name, "nothing"), []).append(str(number))
        if len(where) > 1:
            found[name] = {value: ", ".join(numbers) for value, numbers in where.items()}
    return found
