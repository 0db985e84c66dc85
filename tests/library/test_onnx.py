"""ONNX files: valid by onnx's checker, and run by onnxruntime they give the network's own outputs."""

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from catalogue import LayerCase, alone, each_layer, in_every_dtype, numbers, on_every_engine, stack
from mistakes import Row, check, rows

import dnnlib as dnn
from dnnlib.interop import state_dict, to_onnx
from dnnlib.interop.onnx_file import FORMS
from dnnlib.layers import LAYERS


def outputs(path: Path, x: np.ndarray) -> np.ndarray:
    """What onnxruntime computes, from a file that onnx's checker finds valid, shapes and all."""
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (y,) = session.run(["y"], {"x": x.astype(np.float32)})
    return y


def assert_runs(model: dnn.Sequential, path: Path, input_shape: tuple[int, ...], tolerance: float = 1e-5) -> None:
    """The file's outputs are the network's in testing mode, for batches of several sizes."""
    to_onnx(model, path, input_shape)
    for batch in (1, 5):
        x = numbers(batch, *input_shape, seed=batch)
        expected = model.predict(x)
        np.testing.assert_allclose(outputs(path, x), expected, rtol=tolerance, atol=tolerance)


@on_every_engine
@each_layer
def test_layer(layer: LayerCase, device: str, tmp_path: Path) -> None:
    """Alone and between others, with running statistics that have moved; the mode stays as it was."""
    for model, shape in (
        (alone(layer, device, "float32"), layer.shape()),
        (stack(layer, 3, device, "float32"), layer.stack_shape),
    ):
        model(numbers(6, *shape, seed=9))
        assert_runs(model, tmp_path / "m.onnx", shape)
        assert model.training


@each_layer
def test_where_functions_have_their_corners(layer: LayerCase, tmp_path: Path) -> None:
    """At 0 exactly, and far out."""
    model = alone(layer, dtype="float32").eval()
    to_onnx(model, tmp_path / "m.onnx", layer.shape())
    for value in (0.0, -100.0, 100.0):
        x = np.full((2, *layer.shape()), value, "float32")
        np.testing.assert_allclose(outputs(tmp_path / "m.onnx", x), model.forward(x), rtol=1e-5, atol=1e-5)


@each_layer
def test_names_are_the_parameters(layer: LayerCase, tmp_path: Path) -> None:
    model = stack(layer, 3, dtype="float32")
    to_onnx(model, tmp_path / "m.onnx", layer.stack_shape)
    constants = {c.name: onnx.numpy_helper.to_array(c) for c in onnx.load(tmp_path / "m.onnx").graph.initializer}
    for name, value in state_dict(model).items():
        if not name.endswith("num_batches_tracked"):
            np.testing.assert_array_equal(constants[name], value)


NETWORKS = {
    "mlp": (lambda **o: dnn.mlp(64, 50, 10, **o), (64,)),
    "lenet": (lambda **o: dnn.lenet(**o), (1, 28, 28)),
    "plain": (lambda **o: dnn.plain_net(8, **o), (3, 32, 32)),
    "resnet": (lambda **o: dnn.resnet(8, **o), (3, 32, 32)),
}


@in_every_dtype
@pytest.mark.parametrize("name", NETWORKS)
def test_network(name: str, dtype: str, tmp_path: Path) -> None:
    """Those of `models`, in float32 whatever the network computes in."""
    make, shape = NETWORKS[name]
    model = make(dtype=dtype)
    model(numbers(4, *shape, seed=9))
    assert_runs(model, tmp_path / "m.onnx", shape)


def test_what_the_file_says_of_itself(tmp_path: Path) -> None:
    """Opset, an axis of any length for the batch, and the shapes."""
    to_onnx(dnn.lenet(), tmp_path / "m.onnx", (1, 28, 28))
    model = onnx.load(tmp_path / "m.onnx")
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 17)]
    assert (model.ir_version, model.producer_name) == (8, "dnnlib")
    shapes = [
        [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
        for value in (*model.graph.input, *model.graph.output)
    ]
    assert shapes == [["batch", 1, 28, 28], ["batch", 10]]


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        to_onnx(dnn.mlp(4, 3, 2, seed=1), str(tmp_path / name))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_every_layer_has_a_form() -> None:
    assert set(FORMS) | {dnn.Residual} == set(LAYERS.values())


def test_running_it_moves_nothing(tmp_path: Path) -> None:
    model = dnn.resnet(8)
    model(numbers(4, 3, 8, 8))
    theta, state = model.theta.copy(), model.state.copy()
    to_onnx(model, tmp_path / "m", (3, 8, 8))
    np.testing.assert_array_equal(model.theta, theta)
    np.testing.assert_array_equal(model.state, state)


class Scale(dnn.Layer):
    """A layer of a student's own."""

    def forward(self, x: Any) -> Any:
        return 2 * x


def diverged(value: float) -> dnn.Sequential:
    model = dnn.mlp(4, 3, dtype="float64")
    model.theta[0] = value
    return model


def write(model: dnn.Sequential, *shape: Any) -> Any:
    return lambda: to_onnx(model, "nowhere.onnx", *shape)


REFUSALS: list[Row] = [
    ("no shape", write(dnn.Sequential(dnn.ReLU())), ValueError, ["input_shape is needed", "(1, 28, 28)"]),
    ("no image size", write(dnn.Sequential(dnn.Conv2d(1, 2, 3))), ValueError, ["input_shape is needed"]),
    ("a number", write(dnn.mlp(4, 3), 4), TypeError, ["input_shape must be the shape of one example", "got 4"]),
    ("half a pixel", write(dnn.mlp(4, 3), (4.5,)), TypeError, ["input_shape must be", "(4.5,)"]),
    ("no pixel", write(dnn.mlp(4, 3), (0,)), ValueError, ["input_shape must be", "at least 1", "(0,)"]),
    ("no axis", write(dnn.mlp(4, 3), ()), ValueError, ["input_shape must be", "()"]),
    ("too many features", write(dnn.mlp(4, 3), (5,)), ValueError, ["layer 0 does not fit input_shape (5,)"]),
    ("with the batch", write(dnn.mlp(4, 3), (1, 4)), ValueError, ["layer 0 does not fit input_shape (1, 4)"]),
    ("layer of one's own", write(dnn.Sequential(Scale()), (3,)), ValueError, ["layer 0, Scale(), is not part of"]),
    (
        "one's own in a block",
        write(dnn.Sequential(dnn.ReLU(), dnn.Residual([Scale()])), (3,)),
        ValueError,
        ["layer 1.body.0, Scale()"],
    ),
    ("NaN", write(diverged(np.nan)), ValueError, ["0.weight holds values that are NaN or infinite"]),
    (
        "beyond float32",
        write(diverged(1e300)),
        ValueError,
        ["0.weight holds values", "in float32"],
    ),
]


@rows(REFUSALS)
def test_refusals(do: Any, error: type[Exception], words: list[str], tmp_path: Path, monkeypatch: Any) -> None:
    """In words, and no file is left."""
    monkeypatch.chdir(tmp_path)
    check(do, error, words)
    assert os.listdir(tmp_path) == []


def test_the_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to_onnx(dnn.mlp(4, 3), tmp_path / "m")
    before = (tmp_path / "m").read_bytes()

    def fail(*arguments: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        to_onnx(dnn.mlp(4, 5), tmp_path / "m")
    assert os.listdir(tmp_path) == ["m"]
    assert (tmp_path / "m").read_bytes() == before


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cannot write .*: there is no folder"):
        to_onnx(dnn.mlp(4, 3), tmp_path / "no" / "m.onnx")


def test_onnx_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r'to_onnx needs the package onnx: pip install "dnnlib\[onnx\]"'):
        to_onnx(dnn.mlp(4, 3), tmp_path / "m")
