"""A file that is no network of ours, or no longer, is refused with its name and the reason."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from catalogue import numbers
from safetensors.numpy import load_file, save

import dnnlib as dnn


def contents(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """A file's tensors and what it says about the network."""
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])
    return load_file(path), json.loads(header["__metadata__"]["dnnlib"])


def rewrite(path: Path, tensors: dict[str, np.ndarray], about: object) -> None:
    text = about if isinstance(about, str) else json.dumps(about)
    path.write_bytes(save(tensors, {"dnnlib": text}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.Tanh(), dnn.Dense(3, 2, bias=False), seed=1)
    model.fit(numbers(6, 4), np.zeros(6, int), loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.1))
    model.save(tmp_path / "m.safetensors")
    return tmp_path / "m.safetensors"


def test_rewriting_what_is_there_loads(file: Path) -> None:
    """The tests below change one thing each; with none changed the file is good."""
    theta = dnn.load(file).theta
    rewrite(file, *contents(file))
    np.testing.assert_array_equal(dnn.load(file).theta, theta)


def expect_refusal(path: Path, *words: str) -> None:
    with pytest.raises(dnn.ModelFileError) as caught:
        dnn.load(path)
    message = str(caught.value)
    assert str(path) in message
    assert all(word in message for word in words), message


def test_truncated_files(file: Path) -> None:
    whole = file.read_bytes()
    for length in [*range(0, 40), *range(40, len(whole), 13), len(whole) - 1]:
        file.write_bytes(whole[:length])
        expect_refusal(file, "is cut off, damaged or not a safetensors file", "save it anew")
    file.write_bytes(whole + b"\0")
    expect_refusal(file, "is cut off, damaged or not a safetensors file")


def test_random_bytes(file: Path) -> None:
    rng = np.random.default_rng(0)
    for size in (1, 8, 100, 5000):
        file.write_bytes(rng.bytes(size))
        expect_refusal(file, "not a safetensors file")
    for start in (
        b"PK\3\4",
        b"\x80\x04\x95",
        b'{"layers": []}',
        b"\xff" * 8,
        b"\0" * 8,
        struct.pack("<Q", 10) + b"{" * 10,
    ):
        file.write_bytes(start + bytes(50))
        expect_refusal(file, "not a safetensors file")


def test_damaged_header(file: Path) -> None:
    """One byte of the header changed, at many places: loaded as before, or refused; never anything else."""
    whole, theta = file.read_bytes(), dnn.load(file).theta
    outcomes = set()
    for place in range(8, 8 + struct.unpack("<Q", whole[:8])[0], 3):
        file.write_bytes(whole[:place] + b"?" + whole[place + 1 :])
        try:
            np.testing.assert_array_equal(dnn.load(file).theta, theta)
            outcomes.add("loaded")
        except dnn.ModelFileError:
            outcomes.add("refused")
    assert "refused" in outcomes


def test_file_of_another_program(file: Path) -> None:
    tensors, _ = contents(file)
    for metadata in (None, {"format": "pt"}):
        file.write_bytes(save(tensors, metadata))
        expect_refusal(file, "was not written by dnnlib", "not which layers")


CHANGES: dict[str, tuple[Callable[[dict[str, np.ndarray], dict[str, Any]], Any], list[str]]] = {
    "newer format": (lambda t, a: a.update(format="2"), ["has format 2", "reads up to 1", "install a newer dnnlib"]),
    "format 12.5": (lambda t, a: a.update(format="12.5"), ["damaged"]),
    "no format": (lambda t, a: a.pop("format"), ["damaged"]),
    "no layers": (lambda t, a: a.pop("layers"), ["damaged"]),
    "no loss": (lambda t, a: a.pop("loss"), ["damaged"]),
    "empty": (lambda t, a: a.update(layers="[]"), ["damaged"]),
    "layers no JSON": (lambda t, a: a.update(layers="[["), ["damaged"]),
    "layers no list": (lambda t, a: a.update(layers="7"), ["damaged"]),
    "layer no pair": (lambda t, a: a.update(layers='[["Dense"]]'), ["damaged"]),
    "unknown layer": (lambda t, a: a.update(layers='[["Conv9d", {}]]'), ["has a layer 'Conv9d'", "Dense, ReLU"]),
    "layer no name": (lambda t, a: a.update(layers="[[[], {}]]"), ["damaged"]),
    "unknown option": (lambda t, a: a.update(layers=a["layers"].replace("in_features", "ins")), ["damaged", "ins"]),
    "missing option": (lambda t, a: a.update(layers='[["Dense", {"in_features": 4}]]'), ["damaged", "out_features"]),
    "bad option": (lambda t, a: a.update(layers='[["Dense", {"in_features": 0, "out_features": 1}]]'), ["at least 1"]),
    "layers do not fit": (lambda t, a: a.update(layers=a["layers"].replace("3", "5", 1)), ["layer 2 does not fit"]),
    "unknown loss": (lambda t, a: a.update(loss="Hinge"), ["has a loss 'Hinge'", "SoftmaxCrossEntropy"]),
    "unknown dtype": (lambda t, a: a.update(dtype="int8"), ["int8"]),
    "another dtype": (
        lambda t, a: a.update(dtype="float64"),
        ["float64 (3, 4) needed, float32 (3, 4) found"],
    ),
    "one tensor less": (lambda t, a: t.pop("0.bias"), ["layers: 0.bias: float32 (3,) needed, nothing found"]),
    "one tensor more": (lambda t, a: t.update(extra=np.ones(2)), ["layers: extra: nothing needed, float64 (2,) found"]),
    "wrong shape": (
        lambda t, a: t.update({"0.weight": np.ones((4, 3), "f")}),
        ["0.weight: float32 (3, 4) needed, float32 (4, 3) found"],
    ),
    "wrong numbers": (
        lambda t, a: t.update({"0.weight": np.ones((3, 4), "i4")}),
        ["0.weight: float32 (3, 4) needed, int32 (3, 4) found"],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_file_that_contradicts_itself(file: Path, change: str) -> None:
    alter, words = CHANGES[change]
    tensors, about = contents(file)
    alter(tensors, about)
    rewrite(file, tensors, about)
    expect_refusal(file, *words)


@pytest.mark.parametrize(
    "about", ["{", "", "[]", "7", '"text"', "null", "\x00", "[[[[", '{"format": null}', '{"format": []}']
)
def test_description_that_is_none(file: Path, about: str) -> None:
    rewrite(file, contents(file)[0], about)
    expect_refusal(file)


def test_missing_file(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.safetensors", tmp_path / "no" / "folder.safetensors", tmp_path):
        with pytest.raises(FileNotFoundError, match="there is no model file") as caught:
            dnn.load(path)
        assert str(path) in str(caught.value)
