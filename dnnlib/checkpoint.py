"""A training that survives being killed: `Checkpoint` writes all that its future depends on, and goes on from there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from dnnlib import engine, storage
from dnnlib.callbacks import Callback, Run
from dnnlib.checks import check_count
from dnnlib.fingerprint import describe, digest, written
from dnnlib.history import History

FORMAT = 1

_starts: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # networks of this process, where their runs started


class CheckpointError(ValueError):
    """A file cannot be resumed from: it is damaged, newer than this library, or that of another training."""


class Checkpoint(Callback):
    """Write the training to a file after each epoch; run the same script again, and `fit` goes on where it stopped.

        model.fit(x, y, ..., epochs=20, callbacks=[dnn.Checkpoint("run.safetensors")])

    The first time this trains; killed at any moment and run again, it continues after the last epoch in the file, and
    ends with the θ, history and predictions of a training that was never killed, to the last bit. Once the file holds
    all epochs, the same call returns them at once; more `epochs` than before continue.

    The file holds θ, the running statistics, the optimizer's memory, the state of `model.rng`, the history and what
    the other callbacks carry. It appears whole or not at all. It is written after every `every`-th epoch and after
    the last; a training that is stopped within an epoch repeats that epoch. One path is for one training at a time.

    A training may resume on another device: it then goes on from the same θ, but rounds as that device does. One of
    several processes (`fit(distributed=True)`) may resume with another number of them: rank 0 alone reads and writes.

    `fit` raises CheckpointError, and leaves the file as it is, if it is damaged, is no checkpoint, was written by a
    newer dnnlib, holds more epochs than asked for, or is that of another training: of other layers, data, options or
    callbacks, or of a network that did not start from the same weights and seed. What a `transform`, a layer or a
    callback of your own does is told apart by its name and arguments only; what it keeps to itself, and draws from
    other generators than `model.rng`, is not resumed unless its `state` gives it. Raises TypeError or ValueError for
    bad options, FileNotFoundError if there is no such folder.
    """

    order = 2  # after the callbacks whose state it writes, and after `on_start` has cleared the state that it loads

    def __init__(self, path: str | Path, every: int = 1) -> None:
        if not isinstance(path, (str, Path)):
            raise TypeError(f'Checkpoint: path must be a file name such as "run.safetensors", got {path!r}')
        self.path, self.every = Path(path), check_count("Checkpoint: every", every)

    def on_start(self, run: Run) -> None:
        if sum(isinstance(callback, Checkpoint) for callback in run.callbacks) > 1:
            raise ValueError("fit: a training has one Checkpoint")
        found = run.group.from_first(self._find)
        starts = _starts.setdefault(run.model, set())
        self.described = _describe(run)
        if found is not None:
            about, tensors = found
            if about["described"]["start"] in starts:  # this very network, trained in this process
                self.described["start"] = about["described"]["start"]
            self._compare(about, run)
            _resume(run, about, tensors)
            self._say_where(run)
        starts.add(self.described["start"])

    def on_epoch_end(self, run: Run) -> None:
        run.stop, run.interrupted = run.group.agree(run.stop, run.interrupted)
        if run.epoch % self.every == 0 or run.epoch == run.epochs or run.stop:
            run.group.from_first(lambda: storage.write(self.path, _pack(run, self.described)))
            self._say_where(run)

    def _say_where(self, run: Run) -> None:
        """Tell the processes what to tell of this file if one of them is killed."""
        run.group.resume = f"it goes on after epoch {run.epoch}, from {self.path}"

    def _find(self) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
        """What the file holds, or None if there is none yet; FileNotFoundError if there is no place for it."""
        if not self.path.parent.is_dir():
            raise FileNotFoundError(f"{self}: there is no folder {self.path.parent}")
        self._remove_leftovers()
        return _read(self.path) if self.path.exists() else None

    def _remove_leftovers(self) -> None:
        """Delete what trainings that were killed while they wrote left beside the file."""
        name = re.compile(rf"\.{re.escape(self.path.name)}\.[0-9a-f]{{32}}")  # as `storage.write` names it
        for file in self.path.parent.iterdir():
            if name.fullmatch(file.name):
                file.unlink(missing_ok=True)

    def _compare(self, about: dict[str, Any], run: Run) -> None:
        """CheckpointError that names the differences, unless this training is the one of the file."""
        there, here = about["described"], self.described
        different = [name for name in {**there, **here} if there.get(name) != here.get(name)]
        if different:
            two = [(name, there.get(name, "nothing"), here.get(name, "nothing")) for name in different[:5]]
            lines = [f"{name}: {old} there, {new} here" for name, old, new in two]
            more = f"; and {len(different) - 5} more" if len(different) > 5 else ""
            raise CheckpointError(
                f"{self.path} is the checkpoint of another training: {'; '.join(lines)}{more}. To train this one, give "
                f"Checkpoint another path, or delete the file"
            )
        if about["epoch"] > run.epochs:
            raise CheckpointError(
                f"{self.path} holds {about['epoch']} epochs, more than the {run.epochs} asked for: ask for at least as "
                f"many, give Checkpoint another path, or delete the file"
            )


def _describe(run: Run) -> dict[str, str]:
    """What makes this training, in words that are the same for the same training in another process."""
    model = run.model
    start = {"theta": model.theta, "state": model.state}
    return {
        **describe(run),
        "callbacks": written([callback for callback in run.callbacks if not isinstance(callback, Checkpoint)]),
        "start": f"weights and generator (seed) {digest(_as_json(model.rng.bit_generator.state, 'rng'), start)[:12]}",
    }


def _pack(run: Run, described: dict[str, str]) -> bytes:
    """The content of the file: arrays as tensors, all else as JSON."""
    from safetensors.numpy import save as serialize

    tensors: dict[str, np.ndarray] = {}
    texts: dict[str, str] = {}
    for name, (owner, state) in _parts(run).items():
        arrays = {key: value for key, value in state.items() if engine.is_array(value)}
        tensors |= {f"{name}.{key}": np.ascontiguousarray(engine.to_numpy(value)) for key, value in arrays.items()}
        texts[name] = _as_json({key: value for key, value in state.items() if key not in arrays}, repr(owner))
    progress = {"epoch": run.epoch, "step": run.step, "stop": run.stop, "history": run.history}
    about = json.dumps(progress | {"described": described, "parts": texts})
    return serialize(tensors, {"dnnlib checkpoint": str(FORMAT), "about": about, "sha256": digest(about, tensors)})


def _parts(run: Run) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Everything that changes while a training goes on, as names, owners and their states."""
    model, optimizer = run.model, run.optimizer
    return {
        "model": (model, {"theta": model.theta, "state": model.state}),
        "rng": (model.rng, {"state": model.rng.bit_generator.state}),
        "optimizer": (optimizer, optimizer.state_dict()),
        **{f"callback {i}": (callback, callback.state()) for i, callback in enumerate(run.callbacks)},
    }


def _as_json(state: Any, owner: str) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            return value.tolist()
        raise TypeError(f"{owner}: its state may hold numbers, text, lists of these and arrays, got {value!r}")

    return json.dumps(state, default=plain)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What a checkpoint says, and its tensors; CheckpointError unless it is whole."""
    from safetensors import SafetensorError, safe_open

    advice = "to train from the start, give Checkpoint another path, or delete the file"
    damaged = f"{path} is cut off, damaged or not a safetensors file: {advice}"
    if not path.is_file():
        raise CheckpointError(f"{path} is no file, so no checkpoint: give Checkpoint another path")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            version = metadata.get("dnnlib checkpoint")
            if version is None:
                raise CheckpointError(f"{path} is no checkpoint of a training, and is not overwritten: {advice}")
            if int(version) < 1:
                raise CheckpointError(damaged)
            if int(version) > FORMAT:
                raise CheckpointError(
                    f"{path} has format {version}, this dnnlib reads up to {FORMAT}: install a newer one. Or, {advice}"
                )
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
            if digest(metadata["about"], tensors) != metadata["sha256"]:
                raise CheckpointError(damaged)
    except CheckpointError:
        raise
    except (SafetensorError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise CheckpointError(f"{damaged} ({error})") from None
    return json.loads(metadata["about"]), tensors


def _resume(run: Run, about: dict[str, Any], tensors: dict[str, np.ndarray]) -> None:
    """Put everything back where it was at the end of the file's last epoch."""
    parts = {name: json.loads(text) for name, text in about["parts"].items()}
    for path, values in tensors.items():
        name, _, key = path.partition(".")
        parts[name][key] = values
    model = run.model
    for name, values in parts["model"].items():
        getattr(model, name)[...] = engine.to_device(values, model.device)
    model.rng.bit_generator.state = parts["rng"]["state"]
    run.optimizer.load_state_dict(parts["optimizer"])
    for i, callback in enumerate(run.callbacks):
        callback.load_state(parts[f"callback {i}"])
    run.history = History(about["history"])
    run.epoch, run.step, run.stop = about["epoch"], about["step"], about["stop"]
