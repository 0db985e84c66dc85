"""Networks as ONNX files, which run without Python: in a browser, on a phone, in a server of another language."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dnnlib import engine, layers, storage
from dnnlib.layers import Layer, Residual
from dnnlib.model import Sequential
from dnnlib.models import Step, steps

OPSET = 17  # of ONNX 1.12 (2022), which every runtime in use reads
IR_VERSION = 8


def to_onnx(model: Sequential, path: str | Path, input_shape: tuple[int, ...] | None = None) -> None:
    """Write the network as it computes in testing mode (`eval`), for ONNX opset 17, in float32.

    The file has one input "x" of shape (batch, *input_shape), one output "y", and takes batches of any size. Its
    constants have the names of the parameters ("0.weight"). Dropout passes x on, or multiplies it by 1 − p with
    `inverted=False`; BatchNorm uses its running statistics. `input_shape` is the shape of one example; a network that
    begins with a `Dense` layer knows it. Like `save`, the file appears whole or not at all.

    Needs the package onnx: ImportError says how to get it. Raises ValueError for a layer of your own, an `input_shape`
    that is missing or does not fit, parameters that are NaN or infinite in float32; OSError if the folder cannot be
    written. Lecture C11.
    """
    graph = _Graph(model)
    found = {step.name: step for step in steps(model, input_shape)}
    start = found["0"].input
    if start is None:
        raise ValueError(
            "to_onnx: input_shape is needed, the shape of one example such as (1, 28, 28): only a network that begins "
            "with a Dense layer tells it by itself"
        )
    _row(graph, [str(position) for position in range(len(model.layers))], found, "x")
    storage.write(path, graph.serialized(start, found[str(len(model.layers) - 1)].output or ()))


class _Graph:
    """Nodes and constants, growing layer by layer. A node's one output has the node's name."""

    def __init__(self, model: Sequential) -> None:
        try:
            self.onnx: Any = importlib.import_module("onnx")
        except ModuleNotFoundError as error:
            raise ImportError('to_onnx needs the package onnx: pip install "dnnlib[onnx]"') from error
        self.views = dict((*model.named_parameters(), *model.named_buffers()))
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operator: str, name: str, *inputs: str, **attributes: Any) -> str:
        """Append a node and return its output."""
        self.nodes.append(self.onnx.helper.make_node(operator, inputs, [name], name, **attributes))
        return name

    def constant(self, name: str, values: Any) -> str:
        """Append a constant: integers as int64, as ONNX wants shapes, all others as float32."""
        values = np.asarray(values)
        if values.dtype.kind != "i":
            with np.errstate(over="ignore"):
                values = values.astype(np.float32)
            if not np.isfinite(values).all():
                raise ValueError(f"to_onnx: {name} holds values that are NaN or infinite in float32")
        self.constants.append(self.onnx.numpy_helper.from_array(values, name))
        return name

    def own(self, step: Step, *names: str) -> list[str]:
        """Constants of the layer's parameters or buffers, of those that it has."""
        full = [f"{step.name}.{name}" for name in names]
        return [self.constant(name, engine.to_numpy(self.views[name])) for name in full if name in self.views]

    def serialized(self, input_shape: tuple[int | None, ...], output_shape: tuple[int | None, ...]) -> bytes:
        """The bytes of the file; the last node is the output."""
        helper, kind = self.onnx.helper, self.onnx.TensorProto.FLOAT
        self.nodes[-1].output[0] = "y"
        x = helper.make_tensor_value_info("x", kind, ["batch", *input_shape])
        y = helper.make_tensor_value_info("y", kind, ["batch", *output_shape])
        graph = helper.make_graph(self.nodes, "dnnlib", [x], [y], self.constants)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="dnnlib")
        return bytes(model.SerializeToString())


def _row(graph: _Graph, names: list[str], found: dict[str, Step], x: str) -> str:
    """Layers one after the other, from the value `x` to the value returned."""
    for name in names:
        layer = found[name].layer
        if isinstance(layer, Residual):
            body, shortcut = (
                _row(graph, [f"{name}.{part}.{i}" for i in range(len(row))], found, x)
                for part, row in (("body", layer.body), ("shortcut", layer.shortcut))
            )
            x = graph.add("Add", name, body, shortcut)
        elif type(layer) in FORMS:
            x = FORMS[type(layer)](graph, found[name], x)
        else:
            raise ValueError(f"to_onnx: layer {name}, {layer}, is not part of dnnlib, so its ONNX form is not known")
    return x


def _dense(graph: _Graph, step: Step, x: str) -> str:
    return graph.add("Gemm", step.name, x, *graph.own(step, "weight", "bias"), transB=1)


def _convolution(graph: _Graph, step: Step, x: str) -> str:
    layer: Any = step.layer
    return graph.add("Conv", step.name, x, *graph.own(step, "weight", "bias"), **_window(layer))


def _pool(operator: str, **attributes: int) -> Form:
    return lambda graph, step, x: graph.add(operator, step.name, x, **_window(step.layer), **attributes)


def _window(layer: Any) -> dict[str, tuple[int, ...]]:
    """The window that moves over the images, as ONNX's attributes; its paddings are top, left, bottom, right."""
    return {"kernel_shape": layer.kernel_size, "strides": layer.stride, "pads": 2 * layer.padding}


def _global_average(graph: _Graph, step: Step, x: str) -> str:
    return graph.add("Flatten", step.name, graph.add("GlobalAveragePool", f"{step.name}.mean", x))


def _batch_norm(graph: _Graph, step: Step, x: str) -> str:
    layer: Any = step.layer
    names = graph.own(step, "weight", "bias", "running_mean", "running_var")
    return graph.add("BatchNormalization", step.name, x, *names, epsilon=layer.eps)


def _dropout(graph: _Graph, step: Step, x: str) -> str:
    layer: Any = step.layer
    if layer.inverted:
        return graph.add("Identity", step.name, x)
    return graph.add("Mul", step.name, x, graph.constant(f"{step.name}.keep", 1 - layer.p))


def _prelu(graph: _Graph, step: Step, x: str) -> str:
    """ONNX lines the slopes up with the last axes, not with the channels."""
    axes = len(step.input or ()) - 1
    (slopes,) = graph.own(step, "weight")
    shape = graph.constant(f"{step.name}.shape", np.array([-1, *axes * [1]]))
    return graph.add("PRelu", step.name, x, graph.add("Reshape", f"{step.name}.slopes", slopes, shape))


def _maxout(graph: _Graph, step: Step, x: str) -> str:
    layer: Any = step.layer
    channels, *rest = step.output or ()
    shape = graph.constant(f"{step.name}.shape", np.array([-1, channels, layer.group_size, *rest]))
    groups = graph.add("Reshape", f"{step.name}.groups", x, shape)
    return graph.add("ReduceMax", step.name, groups, axes=[2], keepdims=0)


def _step(graph: _Graph, step: Step, x: str) -> str:
    passed = graph.add("Greater", f"{step.name}.passed", x, graph.constant(f"{step.name}.threshold", 0.0))
    return graph.add("Cast", step.name, passed, to=graph.onnx.TensorProto.FLOAT)


def _one(operator: str, attributes: Callable[[Any], dict[str, Any]] = lambda layer: {}) -> Form:
    """One node that does what the layer does."""
    return lambda graph, step, x: graph.add(operator, step.name, x, **attributes(step.layer))


Form = Callable[[_Graph, Step, str], str]  # adds a layer's nodes for the value x and returns their output

FORMS: dict[type[Layer], Form] = {
    layers.Dense: _dense,
    layers.DropConnect: _dense,
    layers.Conv2d: _convolution,
    layers.MaxPool2d: _pool("MaxPool"),
    layers.AvgPool2d: _pool("AveragePool", count_include_pad=1),
    layers.GlobalAvgPool2d: _global_average,
    layers.Flatten: _one("Flatten"),
    layers.BatchNorm: _batch_norm,
    layers.Dropout: _dropout,
    layers.Maxout: _maxout,
    layers.Identity: _one("Identity"),
    layers.BinaryStep: _step,
    layers.Sigmoid: _one("Sigmoid"),
    layers.Tanh: _one("Tanh"),
    layers.ArcTan: _one("Atan"),
    layers.ReLU: _one("Relu"),
    layers.LeakyReLU: _one("LeakyRelu", lambda layer: {"alpha": layer.negative_slope}),
    layers.PReLU: _prelu,
    layers.ELU: _one("Elu", lambda layer: {"alpha": layer.alpha}),
    layers.Softplus: _one("Softplus"),
    layers.Softmax: _one("Softmax", lambda layer: {"axis": 1}),
}
