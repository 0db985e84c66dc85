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
from dnnlib.layers.base import build, recipe
from dnnlib.losses import LOSSES

if TYPE_CHECKING:
    from dnnlib.layers.base import Layer
    from dnnlib.losses import Loss
    from dnnlib.model import Sequential

FORMAT = 1


class ModelFileError(ValueError):
    """A model file cannot be read: it is damaged, of another kind, or newer than this library."""


def save(model: Sequential, path: str | Path) -> None:
    """Write `model` to `path`: parameters under torch's names ("0.weight"), architecture and loss as metadata.

    The file appears whole or not at all. θ and the state are kept to the bit, NaN included: a network that diverged
    can be looked into later. Raises ValueError for a layer or loss of your own, which `load` could not find again;
    OSError if the folder cannot be written.
    """
    from safetensors.numpy import save as serialize

    for part in (*(layer for _, layer in model.named_layers()), model.loss):
        if type(part) not in (*LAYERS.values(), *LOSSES.values(), type(None)):
            raise ValueError(f"save: {part} is not part of dnnlib, so load could not rebuild it")
    metadata = {
        "format": str(FORMAT),
        "layers": json.dumps([recipe(layer) for layer in model.layers], default=lambda kind: kind.__name__),
        "loss": json.dumps(model.loss and [type(model.loss).__name__, model.loss.options()]),
        "dtype": model.dtype,
    }
    named = (*model.named_parameters(), *model.named_buffers())
    tensors = {name: np.asarray(engine.to_numpy(value), order="C") for name, value in named}
    write(path, serialize(tensors, {"dnnlib": json.dumps(metadata, sort_keys=True)}))


def write(path: str | Path, content: bytes) -> None:
    """Write a file that appears whole or not at all, whenever the power fails: beside its place, then moved there.

    Raises FileNotFoundError if its folder is not there, OSError if it cannot be written; the old file then stays.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}")
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def load(path: str | Path, device: str = "numpy") -> Sequential:
    """The network that `save` wrote, on `device`: same layers, same θ and state, same loss for `evaluate`.

    Raises FileNotFoundError if there is no such file, and ModelFileError, with the reason, if it is cut off or
    damaged, was not written by dnnlib or by a newer version, or does not hold the parameters that it announces: that
    is found out before memory is taken for them. Numbers that fit are taken as they are.
    """
    from dnnlib.model import Sequential

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no model file {path}")
    engine.check_device(device)
    about, tensors = _read(path)
    try:
        description = json.loads(about)
        layers, loss = _layers(path, description), _loss(path, description)
        _check_tensors(path, layers, engine.check_dtype(description["dtype"]), tensors)
        model = Sequential(*layers, dtype=description["dtype"], device=device)
    except ModelFileError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ModelFileError(f"{path} is damaged, its description makes no network ({error!r}); save it anew") from None
    for name, view in (*model.named_parameters(), *model.named_buffers()):
        view[...] = engine.to_device(tensors[name], device)
    model.loss = loss
    return model


def _read(path: Path) -> tuple[str, dict[str, np.ndarray]]:
    """What a file says about its network, and its tensors."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            about = (file.metadata() or {}).get("dnnlib")
            if about is not None:
                return about, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except SafetensorError as error:
        raise ModelFileError(f"{path} is cut off, damaged or not a safetensors file ({error}); save it anew") from None
    except (AttributeError, TypeError) as error:  # what safetensors raises for bfloat16 and its like
        raise ModelFileError(f"{path} holds numbers of a kind that NumPy and dnnlib have not ({error})") from None
    raise ModelFileError(f"{path} was not written by dnnlib: it holds tensors, but not which layers they belong to")


def _layers(path: Path, description: dict[str, Any]) -> list[Layer]:
    """The layers that the file describes, without their parameters."""
    if int(description["format"]) > FORMAT:
        raise ModelFileError(
            f"{path} has format {description['format']}, this dnnlib reads up to {FORMAT}: install a newer dnnlib"
        )
    recipes = json.loads(description["layers"])
    return [build(made_of, lambda name: _find(path, "layer", LAYERS, name)) for made_of in recipes]


def _loss(path: Path, description: dict[str, Any]) -> Loss | None:
    made_of = json.loads(description["loss"])
    if made_of is None:
        return None
    name, options = made_of
    return _find(path, "loss", LOSSES, name)(**options)


def _find(path: Path, kind: str, table: dict[str, Any], name: str) -> Any:
    if name not in table:
        raise ModelFileError(f"{path} has a {kind} {name!r}; this dnnlib knows {', '.join(sorted(table))}")
    return table[name]


def _check_tensors(path: Path, layers: list[Layer], dtype: str, tensors: dict[str, np.ndarray]) -> None:
    """The file's tensors are those that the layers need, no more and no less."""
    parts = [part for position, layer in enumerate(layers) for part in layer.walk(str(position))]
    found = {name: f"{values.dtype} {values.shape}" for name, values in tensors.items()}
    needed = {f"{name}.{own}": f"{dtype} {shape}" for name, part in parts for own, shape in part.shapes().items()}
    wrong = [name for name in needed if needed[name] != found.get(name)]
    if not wrong:  # only then: `buffers` makes arrays, of whatever size a damaged description asks for
        buffers = {f"{name}.{own}": start.shape for name, part in parts for own, start in part.buffers().items()}
        needed |= {name: f"{dtype} {shape}" for name, shape in buffers.items()}
        wrong = [name for name in {**needed, **found} if needed.get(name) != found.get(name)]
    if wrong:
        lines = [f"{name}: {needed.get(name, 'nothing')} needed, {found.get(name, 'nothing')} found" for name in wrong]
        raise ModelFileError(f"{path} does not hold the parameters of its layers: {'; '.join(lines)}")
