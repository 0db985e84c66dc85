"""A training that breaks off and is begun again ends as if it had never broken off, to the last bit."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from catalogue import DEVICES, OptimizerCase, each_optimizer, on_every_engine
from mistakes import CE, X, Y

import dnnlib as dnn
from dnnlib import engine


class Broken(Exception):
    """What ends a training in this process."""


class Break(dnn.Callback):
    """Breaks off in a step, the first being 0. Every training here has one, so that they are alike."""

    def __init__(self, step: int | None = None) -> None:
        self.at = step

    def on_gradient(self, run: dnn.Run) -> None:
        if run.step == self.at:
            raise Broken


def network(device: str = "numpy", **options: Any) -> dnn.Sequential:
    layers = [dnn.Dense(4, 6), dnn.Dropout(0.3), dnn.Tanh(), dnn.Dense(6, 3)]
    return dnn.Sequential(*layers, **({"seed": 1} | options), device=device)


def train(*callbacks: dnn.Callback, model: dnn.Sequential | None = None, **options: Any) -> tuple[Any, ...]:
    """θ, the history but its seconds, why it stopped, and what the optimizer and the generator come to next."""
    model = model or network()
    optimizer = options.setdefault("optimizer", dnn.Adam(lr=0.02))
    options = {"x": X, "y": Y, "loss": CE(), "batch_size": 4, "epochs": 6, "validation_data": (X, Y)} | options
    history = model.fit(**options, callbacks=callbacks)
    memory = [engine.to_numpy(vector).tolist() for vector in optimizer.state.values()]
    curves = {name: values for name, values in history.items() if name != "seconds"}
    drawn = repr(model.rng.bit_generator.state)
    return engine.to_numpy(model.theta).tolist(), curves, history.stopped, optimizer.t, memory, drawn


@on_every_engine
@each_optimizer
def test_resumes_exactly(optimizer: OptimizerCase, device: str, tmp_path: Path) -> None:
    """On every engine, with every optimizer; 3 steps an epoch."""
    expected = train(Break(), model=network(device), optimizer=optimizer.make())
    for step in (1, 4, 11):
        with pytest.raises(Broken):
            train(Break(step), dnn.Checkpoint(tmp_path / "run"), model=network(device), optimizer=optimizer.make())
    found = train(Break(), dnn.Checkpoint(tmp_path / "run"), model=network(device), optimizer=optimizer.make())
    assert found == expected


@pytest.mark.parametrize("checkpoint_first", [False, True])
def test_the_order_of_callbacks_does_not_matter(checkpoint_first: bool, tmp_path: Path) -> None:
    """What EarlyStopping counts in an epoch is in that epoch's file; and resuming comes after it has forgotten."""

    def begin(step: int | None, *checkpoint: dnn.Checkpoint) -> tuple[Any, ...]:
        stopping = dnn.EarlyStopping("val_loss", patience=2)
        callbacks = [*checkpoint, stopping, Break(step)][:: 1 if checkpoint_first else -1]
        return train(*callbacks, epochs=99, optimizer=dnn.SGD(lr=1.0))

    expected = begin(None)
    epochs = len(expected[1]["loss"])
    assert 4 < epochs < 99
    for epoch in range(2, epochs + 1):
        with pytest.raises(Broken):
            begin(3 * epoch - 1, dnn.Checkpoint(tmp_path / "run"))
    assert begin(None, dnn.Checkpoint(tmp_path / "run")) == expected


class Log(dnn.Callback):
    """Writes down the epochs that are trained."""

    def __init__(self, log: list[int]) -> None:
        self.log_of = log

    def on_epoch_start(self, run: dnn.Run) -> None:
        self.log_of.append(run.epoch)


@pytest.mark.parametrize("every", [1, 2, 4, 100])
def test_more_epochs_continue(every: int, tmp_path: Path) -> None:
    """The file holds the last epoch, whatever `every` is: none is trained twice."""
    log: list[int] = []
    expected = train(Log([]), epochs=7)
    for epochs in (3, 3, 4, 7, 7):
        found = train(Log(log), dnn.Checkpoint(tmp_path / "run", every=every), epochs=epochs)
        assert len(found[1]["loss"]) == epochs
    assert found == expected
    assert log == [1, 2, 3, 4, 5, 6, 7]


def test_a_training_that_stopped_stays_stopped(tmp_path: Path) -> None:
    """The reason is in the file, also where it is not written after every epoch; more epochs do not change it."""
    log: list[int] = []

    def begin(epochs: int, *checkpoint: dnn.Checkpoint) -> tuple[Any, ...]:
        return train(Log(log), dnn.EarlyStopping(patience=2), *checkpoint, epochs=epochs, optimizer=dnn.SGD(lr=1.0))

    expected = begin(50)
    last = log[-1]
    assert f"early stopping after epoch {last}" in expected[2]
    for epochs in (50, 50, 70):
        assert begin(epochs, dnn.Checkpoint(tmp_path / "run", every=100)) == expected
    assert log == [*range(1, last + 1)] * 2
    at_the_end = begin(last, dnn.Checkpoint(tmp_path / "end"))
    assert at_the_end[2] == "", "it had all its epochs"
    assert begin(last + 9, dnn.Checkpoint(tmp_path / "end")) == expected


def test_every(tmp_path: Path) -> None:
    """Written after every second epoch: broken off in the sixth, it goes on with the fifth."""
    log: list[int] = []
    expected = train(Break(), Log([]))
    with pytest.raises(Broken):
        train(Break(16), Log(log), dnn.Checkpoint(tmp_path / "run", every=2))
    assert train(Break(), Log(log), dnn.Checkpoint(tmp_path / "run", every=2)) == expected
    assert log == [1, 2, 3, 4, 5, 6, 5, 6]


def test_the_same_network_again(tmp_path: Path) -> None:
    """In a notebook a cell is run again, with the network as the first time left it: trained, or half way."""
    expected = train(Break())
    model, optimizer = network(), dnn.Adam(lr=0.02)
    with pytest.raises(Broken):
        train(Break(10), dnn.Checkpoint(tmp_path / "run"), model=model, optimizer=optimizer)
    for _ in range(2):
        found = train(Break(), dnn.Checkpoint(tmp_path / "run"), model=model, optimizer=optimizer)
        assert found == expected


def test_two_trainings_one_after_the_other(tmp_path: Path) -> None:
    """Each with its own file: the second starts from what the first came to, also when that is read from its file."""

    def script(step: int | None) -> tuple[Any, ...]:
        model, optimizer = network(), dnn.Adam(lr=0.02)
        train(Break(), dnn.Checkpoint(tmp_path / "first"), model=model, optimizer=optimizer)
        return train(Break(step), dnn.Checkpoint(tmp_path / "second"), model=model, optimizer=optimizer, epochs=3)

    with pytest.raises(Broken):
        script(4)
    found = script(None)
    for name in ("first", "second"):
        (tmp_path / name).unlink()
    assert found == script(None)


class Remember(dnn.Callback):
    """Carries numbers, text and arrays from epoch to epoch."""

    def on_start(self, run: dnn.Run) -> None:
        self.count, self.text, self.sums = np.int64(0), "", np.zeros((2, 2))

    def on_epoch_end(self, run: dnn.Run) -> None:
        self.count, self.text = self.count + 1, f"{self.text}·{run.epoch}"
        self.sums = self.sums + run.epoch / 3

    def state(self) -> dict[str, Any]:
        return {"count": self.count, "text": self.text, "sums": self.sums, "best.of": [np.float32(0.5), None, True]}

    def load_state(self, state: dict[str, Any]) -> None:
        self.count, self.text, self.sums = state["count"], state["text"], state["sums"]
        assert state["best.of"] == [0.5, None, True]


def test_what_a_callback_of_ones_own_remembers(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        train(Break(7), Remember(), dnn.Checkpoint(tmp_path / "run"))
    remember = Remember()
    train(dnn.Checkpoint(tmp_path / "run"), Break(), remember)
    assert (remember.count, remember.text) == (6, "·1·2·3·4·5·6")
    np.testing.assert_array_equal(remember.sums, sum(np.full((2, 2), epoch / 3) for epoch in range(1, 7)))


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_generator_resumes(kind: str, tmp_path: Path) -> None:
    def seeded() -> dnn.Sequential:
        return network(seed=np.random.Generator(getattr(np.random, kind)(3)))

    with pytest.raises(Broken):
        train(Break(7), dnn.Checkpoint(tmp_path / "run"), model=seeded())
    assert train(Break(), dnn.Checkpoint(tmp_path / "run"), model=seeded()) == train(Break(), model=seeded())


@pytest.mark.parametrize("there", DEVICES)
@pytest.mark.parametrize("here", DEVICES)
def test_on_another_device(there: str, here: str, tmp_path: Path) -> None:
    """It goes on from the same θ and draws the same numbers; only the rounding is the device's own."""
    options = {"dtype": "float64"}
    with pytest.raises(Broken):
        train(Break(7), dnn.Checkpoint(tmp_path / "run"), model=network(there, **options))
    found = train(Break(), dnn.Checkpoint(tmp_path / "run"), model=network(here, **options))
    expected = train(Break(), model=network(here, **options))
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-9)
    assert found[3:4] + found[5:] == expected[3:4] + expected[5:]


def test_a_write_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full: that is said, the file before is whole, and once there is room the training goes on."""
    train(Break(), dnn.Checkpoint(tmp_path / "run"), epochs=2)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            train(Break(), dnn.Checkpoint(tmp_path / "run"))
    assert train(Break(), dnn.Checkpoint(tmp_path / "run")) == train(Break())


def test_only_leftovers_of_this_file_are_removed(tmp_path: Path) -> None:
    others = [".run", ".run.safetensors", ".run." + "g" * 32, ".rum." + "0" * 32, ".run." + "0" * 33, "run." + "0" * 32]
    for name in [*others, ".run." + "0123456789abcdef" * 2]:
        (tmp_path / name).touch()
    train(dnn.Checkpoint(tmp_path / "run"), epochs=1)
    assert sorted(os.listdir(tmp_path)) == sorted([*others, "run"])
