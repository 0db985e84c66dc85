"""A file that is no checkpoint of this training is refused in words that name the difference, and stays as it is."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mistakes import CE, MSE, Row, X, Y, check, rows
from safetensors.numpy import load, save

import dnnlib as dnn


class Slower(dnn.Schedule):
    """1, 1/factor, 1/factor² …"""

    def __init__(self, factor: float, per: str = "epoch") -> None:
        super().__init__(per)
        self.factor = factor

    def __call__(self, t: int) -> float:
        return self.factor**-t


def noisy(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return x + rng.normal(size=x.shape)


def plain(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return x


LAYERS = [lambda: dnn.Dense(4, 6), lambda: dnn.Dropout(0.3), lambda: dnn.Tanh(), lambda: dnn.Dense(6, 3)]


def train(path: Path, **changes: Any) -> dnn.History:
    """A training of two epochs; `changes` are other options of the network or of `fit`."""
    given: dict[str, Any] = {
        "layers": LAYERS, "seed": 1, "dtype": "float32", "x": X, "y": Y, "loss": CE(), "batch_size": 4, "epochs": 2,
        "optimizer": dnn.SGD(lr=0.1, momentum=0.9), "validation_data": (X, Y), "schedule": Slower(1.5),
        "penalty": dnn.L2(0.1), "transform": noisy, "callbacks": [dnn.EarlyStopping(patience=3)],
    } | changes  # fmt: skip
    layers = [make() for make in given.pop("layers")]
    model = dnn.Sequential(*layers, seed=given.pop("seed"), dtype=given.pop("dtype"))
    theta = model.theta.copy()
    try:
        return model.fit(**given | {"callbacks": [*given["callbacks"], dnn.Checkpoint(path)]})
    except dnn.CheckpointError:
        assert (model.theta == theta).all(), "a refused file has not touched the network"
        raise


@pytest.fixture
def file(tmp_path: Path) -> Path:
    train(tmp_path / "run")
    return tmp_path / "run"


def expect_refusal(path: Path, *words: str, **changes: Any) -> None:
    before = path.read_bytes()
    with pytest.raises(dnn.CheckpointError) as caught:
        train(path, **changes)
    message = str(caught.value)
    assert str(path) in message
    assert "delete the file" in message
    assert all(word in message for word in words), message
    assert path.read_bytes() == before


ANOTHER: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a wider layer": (
        {"layers": [lambda: dnn.Dense(4, 7), *LAYERS[1:3], lambda: dnn.Dense(7, 3)]},
        ["layer 0: Dense(in_features=4, out_features=6) there", "out_features=7) here", "layer 3: Dense(in_features=6"],
    ),
    "a layer more": (
        {"layers": [*LAYERS, lambda: dnn.Tanh()]},
        ["layer 4: nothing there, Tanh() here"],
    ),
    "a layer less": (
        {"layers": LAYERS[:1] + LAYERS[3:]},
        ["layer 3: Dense(in_features=6, out_features=3) there, nothing"],
    ),
    "another activation": (
        {"layers": [*LAYERS[:2], lambda: dnn.Sigmoid(), LAYERS[3]]},
        ["layer 2: Tanh() there, Sigmoid() here"],
    ),
    "another p": (
        {"layers": [LAYERS[0], lambda: dnn.Dropout(0.4), *LAYERS[2:]]},
        ["layer 1: Dropout(p=0.3, inverted=True) there, Dropout(p=0.4, inverted=True) here"],
    ),
    "dtype": ({"dtype": "float64"}, ["dtype: float32 there, float64 here"]),
    "loss": (
        {"loss": MSE(), "y": np.eye(3)[Y], "validation_data": (X, np.eye(3)[Y])},
        ["loss: SoftmaxCrossEntropy(", "MeanSquaredError() here"],
    ),
    "optimizer": ({"optimizer": dnn.Adam()}, ["optimizer: SGD(", "there, Adam("]),
    "rate": ({"optimizer": dnn.SGD(lr=0.2, momentum=0.9)}, ["lr=0.1", "lr=0.2"]),
    "momentum": ({"optimizer": dnn.SGD(lr=0.1, momentum=0.8)}, ["momentum=0.9", "momentum=0.8"]),
    "batch size": ({"batch_size": 5}, ["batch_size: 4 there, 5 here"]),
    "fewer examples": ({"x": X[:9], "y": Y[:9]}, ["x: float32 (10, 4), SHA-256 ", "there, float32 (9, 4), SHA-256"]),
    "another x": ({"x": X + np.eye(10, 4) * 1e-3}, ["x: float32 (10, 4), SHA-256 "]),
    "another y": ({"y": Y[::-1]}, ["y: int64 (10,), SHA-256 "]),
    "validation data": ({"validation_data": (X[:9], Y[:9])}, ["x_val: float32 (10, 4)", "y_val: int64 (10,)"]),
    "no validation data": (
        {"validation_data": None, "callbacks": [dnn.EarlyStopping("loss")]},
        ["x_val: float32 (10, 4)", "there, nothing here"],
    ),
    "penalty": ({"penalty": dnn.L1(0.1)}, ["penalty: L2(rate=0.1) there, L1(rate=0.1) here"]),
    "no penalty": ({"penalty": None}, ["penalty: L2(rate=0.1) there, None here"]),
    "schedule": ({"schedule": Slower(2.0)}, ["schedule: Slower(factor=1.5, per='epoch') there, Slower(factor=2.0"]),
    "transform": ({"transform": plain}, ["transform: noisy there, plain here"]),
    "no callbacks": ({"callbacks": []}, ["callbacks: [EarlyStopping(monitor='val_loss', patience=3", "[] here"]),
    "patience": ({"callbacks": [dnn.EarlyStopping(patience=4)]}, ["patience=3", "patience=4"]),
    "seed": ({"seed": 2}, ["start: weights and generator (seed) "]),
    "generator": ({"seed": np.random.Generator(np.random.MT19937(1))}, ["start: weights and generator (seed) "]),
    "weights": (
        {"layers": [lambda: dnn.Dense(4, 6, weight_init="zeros"), *LAYERS[1:]]},
        ["start: weights and generator (seed) "],
    ),
    "fewer epochs": ({"epochs": 1}, ["holds 2 epochs, more than the 1 asked for", "ask for at least as many"]),
}


@pytest.mark.parametrize("change", ANOTHER)
def test_another_training(file: Path, change: str) -> None:
    changes, words = ANOTHER[change]
    expect_refusal(file, *words, **changes)
    assert train(file).epochs == 2, "the right training still resumes"


def test_many_differences_are_cut_short(file: Path) -> None:
    changes = {"batch_size": 5, "penalty": None, "schedule": None, "dtype": "float64", "seed": 3, "x": 2 * X}
    with pytest.raises(dnn.CheckpointError) as caught:
        train(file, **changes)
    assert str(caught.value).count(" there, ") == 5
    assert "; and 2 more. To train this one, give Checkpoint another path, or delete the file" in str(caught.value)


@pytest.mark.parametrize("other", [lambda: Slower(1.5), lambda: dnn.L2(0.1), lambda: CE()])
def test_descriptions_hold_no_addresses(other: Callable[[], Any]) -> None:
    """They are the same in another process, whatever is described: options, functions, arrays, what has no name."""
    from dnnlib.fingerprint import written

    assert written(other()) == written(other())
    assert "0x" not in written([other(), plain, {"a": lambda x: x}, np.ones(3), dnn.Dense, object(), (np.float32(2),)])


def test_truncated_files(file: Path) -> None:
    whole = file.read_bytes()
    for length in [0, 1, 7, 8, 9, 100, *range(200, len(whole), 997), len(whole) - 1]:
        file.write_bytes(whole[:length])
        expect_refusal(file, "is cut off, damaged or not a safetensors file")
    file.write_bytes(whole + b"\0")
    expect_refusal(file, "is cut off, damaged or not a safetensors file")


def test_one_bit_is_wrong(file: Path) -> None:
    """Wherever it is, in the numbers, in the text or in the names: it is noticed."""
    whole = file.read_bytes()
    for place in range(0, len(whole), 53):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 7
        file.write_bytes(changed)
        expect_refusal(file)
    file.write_bytes(whole)
    assert train(file).epochs == 2


def parts(file: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    data = file.read_bytes()
    return load(data), json.loads(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])["__metadata__"]


def test_a_newer_version(file: Path) -> None:
    tensors, metadata = parts(file)
    file.write_bytes(save(tensors, metadata))
    assert train(file).epochs == 2, "with nothing changed the file is good"
    file.write_bytes(save(tensors, metadata | {"dnnlib checkpoint": "2"}))
    expect_refusal(file, "has format 2, this dnnlib reads up to 1: install a newer one")
    for version in ("0", "-1", "1.5", "", "²"):
        file.write_bytes(save(tensors, metadata | {"dnnlib checkpoint": version}))
        expect_refusal(file, "damaged")


def test_what_is_no_checkpoint(file: Path) -> None:
    """A network that was saved, tensors of another program, a text: nothing of it is lost."""
    tensors, metadata = parts(file)
    dnn.Sequential(dnn.Dense(4, 3)).save(file)
    expect_refusal(file, "is no checkpoint of a training, and is not overwritten")
    for other in (None, {"format": "pt"}):
        file.write_bytes(save(tensors, other))
        expect_refusal(file, "is no checkpoint of a training, and is not overwritten")
    file.write_text("my notes")
    expect_refusal(file, "is cut off, damaged or not a safetensors file")
    for missing in ("about", "sha256"):
        file.write_bytes(save(tensors, {key: value for key, value in metadata.items() if key != missing}))
        expect_refusal(file, "is cut off, damaged or not a safetensors file")


class Holds(dnn.Callback):
    """Wants something written that cannot be."""

    def state(self) -> dict[str, Any]:
        return {"thing": {1, 2}}


MISTAKES: list[Row] = [
    ("path", lambda: dnn.Checkpoint(None), TypeError, ['path must be a file name such as "run.safetensors", got None']),
    *(
        (f"every {n!r}", lambda n=n: dnn.Checkpoint("run", every=n), ValueError, ["Checkpoint: every must be", repr(n)])
        for n in (0, -1, 1.5, True, "2", None)
    ),
    (
        "no folder",
        lambda: train(Path("nowhere/at/all")),
        FileNotFoundError,
        ["Checkpoint(path=", "there is no folder nowhere/at"],
    ),
    ("a folder", lambda: train(Path(__file__).parent), dnn.CheckpointError, ["is no file, so no checkpoint"]),
]


@rows(MISTAKES)
def test_mistakes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


def test_two_checkpoints(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fit: a training has one Checkpoint"):
        train(tmp_path / "a", callbacks=[dnn.Checkpoint(tmp_path / "b")])
    assert list(tmp_path.iterdir()) == []


def test_a_state_that_cannot_bewritten(tmp_path: Path) -> None:
    with pytest.raises(
        TypeError, match=r"Holds\(\): its state may hold numbers, text, lists of these and arrays, got \{1, 2\}"
    ):
        train(tmp_path / "run", callbacks=[Holds()])
    assert list(tmp_path.iterdir()) == []
