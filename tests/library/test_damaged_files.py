"""A file that is no network of ours, or no longer, is refused with its name and the reason."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import numbers
from safetensors.numpy import load_file, save
from safetensors.torch import save as save_torch

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


DENSE_4_5 = {"0.weight": np.ones((5, 4), "f"), "0.bias": np.ones(5, "f")}
BLOCK = '["Residual", {"body": [', '["ReLU", {}]], "shortcut": []}]'

Change = tuple[Callable[[dict[str, np.ndarray], dict[str, Any]], Any], list[str]]  # of tensors and description; words

CHANGES: dict[str, Change] = {
    "newer format": (lambda t, a: a.update(format="2"), ["has format 2", "reads up to 1", "install a newer dnnlib"]),
    "format 12.5": (lambda t, a: a.update(format="12.5"), ["damaged"]),
    "no format": (lambda t, a: a.pop("format"), ["damaged"]),
    "no layers": (lambda t, a: a.pop("layers"), ["damaged"]),
    "no loss": (lambda t, a: a.pop("loss"), ["damaged"]),
    "empty": (lambda t, a: a.update(layers="[]"), ["0.weight: nothing needed, float32 (3, 4) found"]),
    "layers no JSON": (lambda t, a: a.update(layers="[["), ["damaged"]),
    "layers no list": (lambda t, a: a.update(layers="7"), ["damaged"]),
    "layer no pair": (lambda t, a: a.update(layers='[["Dense"]]'), ["damaged"]),
    "unknown layer": (lambda t, a: a.update(layers='[["Conv9d", {}]]'), ["has a layer 'Conv9d'", "Dense", "ReLU"]),
    "layer no name": (lambda t, a: a.update(layers="[[[], {}]]"), ["damaged"]),
    "unknown option": (lambda t, a: a.update(layers=a["layers"].replace("in_features", "ins")), ["damaged", "ins"]),
    "missing option": (lambda t, a: a.update(layers='[["Dense", {"in_features": 4}]]'), ["damaged", "out_features"]),
    "bad option": (lambda t, a: a.update(layers='[["Dense", {"in_features": 0, "out_features": 1}]]'), ["at least 1"]),
    "another width": (
        lambda t, a: a.update(layers=a["layers"].replace("3", "5", 1)),
        ["0.weight: float32 (5, 4) needed, float32 (3, 4) found", "0.bias: float32 (5,) needed"],
    ),
    "layers do not fit": (
        lambda t, a: a.update(layers=a["layers"].replace("3", "5", 1)) or t.update(DENSE_4_5),
        ["layer 2 does not fit"],
    ),
    "options no table": (lambda t, a: a.update(layers='[["Dense", []]]'), ["damaged"]),
    "layers as a table": (lambda t, a: a.update(layers='{"Dense": {}}'), ["damaged"]),
    "layers nested without end": (lambda t, a: a.update(layers=5000 * "[" + 5000 * "]"), ["damaged"]),
    "blocks nested without end": (
        lambda t, a: a.update(layers=f"[{5000 * BLOCK[0]}{5000 * BLOCK[1]}]"),
        ["damaged", "recursion"],
    ),
    "loss no pair": (lambda t, a: a.update(loss='["MeanSquaredError"]'), ["damaged"]),
    "loss no name": (lambda t, a: a.update(loss="{}"), ["damaged"]),
    "loss of a number": (lambda t, a: a.update(loss="0"), ["damaged"]),
    "loss with an option": (lambda t, a: a.update(loss='["MeanSquaredError", {"power": 3}]'), ["damaged", "argument"]),
    "unknown loss": (lambda t, a: a.update(loss='["Hinge", {}]'), ["has a loss 'Hinge'", "SoftmaxCrossEntropy"]),
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


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    """The file of a network with a layer made of layers, and running statistics."""
    block = dnn.Residual([dnn.Dense(3, 3, bias=False), dnn.BatchNorm(3)])
    model = dnn.Sequential(dnn.Dense(4, 3), block, dnn.Dense(3, 2), seed=1)
    model(numbers(6, 4))
    model.save(tmp_path / "nested.safetensors")
    return tmp_path / "nested.safetensors"


def replaced(old: str, new: str) -> Callable[[dict[str, np.ndarray], dict[str, Any]], None]:
    """A change of what the description says of the layers."""

    def alter(tensors: dict[str, np.ndarray], about: dict[str, Any]) -> None:
        assert old in about["layers"]
        about["layers"] = about["layers"].replace(old, new)

    return alter


HUGE = 10**9  # a weight of 10⁹ × 10⁹ is an exabyte
NESTED: dict[str, Change] = {
    "unknown layer in a block": (replaced("BatchNorm", "BatchForm"), ["has a layer 'BatchForm'"]),
    "a block without a body": (replaced('"body"', '"boby"'), ["damaged", "boby"]),
    "a block called ReLU": (replaced("Residual", "ReLU"), ["damaged", "takes no arguments"]),
    "a recipe cut short": (replaced('["BatchNorm", ', '["BatchNorm", 1, '), ["damaged", "list of layers", "BatchNorm"]),
    "a block that does not fit": (
        lambda t, a: (
            replaced('"num_features": 3', '"num_features": 5')(t, a)
            or t.update({name: np.ones(5, "f") for name, values in t.items() if ".1." in name and values.ndim == 1})
        ),
        ["layer 1 does not fit"],
    ),
    "weights of a block less": (lambda t, a: t.pop("1.body.0.weight"), ["1.body.0.weight: float32 (3, 3) needed"]),
    "statistics less": (
        lambda t, a: t.pop("1.body.1.running_var"),
        ["layers: 1.body.1.running_var: float32 (3,) needed, nothing found"],
    ),
    "statistics more": (
        lambda t, a: t.update({"2.running_var": np.ones(2, "f")}),
        ["layers: 2.running_var: nothing needed, float32 (2,) found"],
    ),
    "statistics of another shape": (
        lambda t, a: t.update({"1.body.1.running_mean": np.ones((3, 1), "f")}),
        ["layers: 1.body.1.running_mean: float32 (3,) needed, float32 (3, 1) found"],
    ),
    "enormous weights": (
        replaced('"in_features": 4, "out_features": 3', f'"in_features": {HUGE}, "out_features": {HUGE}'),
        [f"0.weight: float32 ({HUGE}, {HUGE}) needed, float32 (3, 4) found"],
    ),
    "enormous weights of a block": (
        replaced('"in_features": 3, "out_features": 3', f'"in_features": {HUGE}, "out_features": {HUGE}'),
        [f"1.body.0.weight: float32 ({HUGE}, {HUGE}) needed"],
    ),
    "enormous statistics": (
        replaced('"num_features": 3', f'"num_features": {10**15}'),
        [f"1.body.1.weight: float32 ({10**15},) needed, float32 (3,) found"],
    ),
}


def test_rewriting_a_nested_network_loads(nested: Path) -> None:
    state = dnn.load(nested).state
    rewrite(nested, *contents(nested))
    np.testing.assert_array_equal(dnn.load(nested).state, state)
    assert state.any()


@pytest.mark.parametrize("change", NESTED)
def test_nested_network_that_contradicts_itself(nested: Path, change: str) -> None:
    alter, words = NESTED[change]
    tensors, about = contents(nested)
    alter(tensors, about)
    rewrite(nested, tensors, about)
    expect_refusal(nested, *words)


@pytest.mark.parametrize("kind", ["bfloat16", "float8_e4m3fn"])
def test_numbers_that_numpy_has_not(file: Path, kind: str) -> None:
    """NumPy may have learned some of them, from other packages."""
    tensors = {"0.weight": torch.ones(3, 4, dtype=getattr(torch, kind))}
    file.write_bytes(save_torch(tensors, {"dnnlib": json.dumps(contents(file)[1])}))
    expect_refusal(file, kind)


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
