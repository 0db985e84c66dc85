"""Networks as files: safetensors, which hold numbers and text and can run nothing."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dnnlib import engine
from dnnlib.layers import LAYERS
from dnnlib.losses import LOSSES

if TYPE_CHECKING:
    from dnnlib.model import Sequential

FORMAT = 1


class ModelFileError(ValueError):
    """A model file cannot be read: it is damaged, of another kind, or newer than this library."""


def save(model: Sequential, path: str | Path) -> None:
    """Write `model` to `path`: parameters under torch's names ("0.weight"), architecture and loss as metadata.

    The file appears whole or not at all: it is written beside its place and moved there. Raises ValueError for a
    layer or loss of your own, which `load` could not find again; OSError if the folder cannot be written.
    """
    from safetensors.numpy import save as serialize

    for part in (*model.layers, model.loss):
        if type(part) not in (*LAYERS.values(), *LOSSES.values(), type(None)):
            raise ValueError(f"save: {part} is not part of dnnlib, so load could not rebuild it")
    metadata = {
        "format": str(FORMAT),
        "layers": json.dumps([[type(layer).__name__, layer.options()] for layer in model.layers]),
        "loss": type(model.loss).__name__ if model.loss else "",
        "dtype": model.dtype,
    }
    tensors = {name: np.ascontiguousarray(engine.to_numpy(value)) for name, value in model.named_parameters()}
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"save: there is no folder {path.parent}")
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with open(temporary, "xb") as file:
            file.write(serialize(tensors, {"dnnlib": json.dumps(metadata, sort_keys=True)}))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def load(path: str | Path, device: str = "numpy") -> Sequential:
    """The network that `save` wrote, on `device`: same layers, same θ, same loss for `evaluate`.

    Raises FileNotFoundError if there is no such file, and ModelFileError, with the reason, if it is cut off or
    damaged, was not written by dnnlib or by a newer version, or does not hold the parameters that it announces.
    """
    from safetensors import SafetensorError, safe_open

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no model file {path}")
    engine.check_device(device)
    try:
        with safe_open(path, framework="numpy") as file:
            description = (file.metadata() or {}).get("dnnlib")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except SafetensorError as error:
        raise ModelFileError(f"{path} is cut off, damaged or not a safetensors file ({error}); save it anew") from None
    if description is None:
        raise ModelFileError(f"{path} was not written by dnnlib: it holds tensors, but not which layers they belong to")
    try:
        model = _network(path, json.loads(description), device)
    except ModelFileError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileError(f"{path} is damaged, its description makes no network ({error!r}); save it anew") from None
    _fill(path, model, tensors)
    return model


def _network(path: Path, description: dict[str, Any], device: str) -> Sequential:
    """The network that the file describes, at its start."""
    from dnnlib.model import Sequential

    if int(description["format"]) > FORMAT:
        raise ModelFileError(
            f"{path} has format {description['format']}, this dnnlib reads up to {FORMAT}: install a newer dnnlib"
        )
    layers = [_find(path, "layer", LAYERS, name)(**options) for name, options in json.loads(description["layers"])]
    model = Sequential(*layers, dtype=description["dtype"], device=device)
    model.loss = _find(path, "loss", LOSSES, description["loss"])() if description["loss"] else None
    return model


def _find(path: Path, kind: str, table: dict[str, Any], name: str) -> Any:
    if name not in table:
        raise ModelFileError(f"{path} has a {kind} {name!r}; this dnnlib knows {', '.join(sorted(table))}")
    return table[name]


def _fill(path: Path, model: Sequential, tensors: dict[str, np.ndarray]) -> None:
    """Copy the file's tensors into θ, if they are those that the layers need, no more and no less."""
    views = dict(model.named_parameters())
    needed = {name: f"{model.dtype} {tuple(view.shape)}" for name, view in views.items()}
    found = {name: f"{values.dtype} {values.shape}" for name, values in tensors.items()}
    wrong = [
        f"{name}: {needed.get(name, 'nothing')} needed, {found.get(name, 'nothing')} found"
        for name in {**needed, **found}
        if needed.get(name) != found.get(name)
    ]
    if wrong:
        raise ModelFileError(f"{path} does not hold the parameters of its layers: {'; '.join(wrong)}")
    for name, view in views.items():
        view[...] = engine.to_device(tensors[name], model.device)
