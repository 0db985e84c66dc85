"""What a student does wrong, and what the message says: the place, what was expected, what came, how to mend it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from catalogue import numbers
from mistakes import CE, MSE, NAN, Row, X, Y, check, fit, net, rows

import dnnlib as dnn
from dnnlib import initializers


def score(prediction: Any, target: Any, loss: dnn.Loss | None = None) -> Any:
    return (loss or CE()).forward(prediction, target)


NETWORKS: list[Row] = [
    ("no layers", lambda: dnn.Sequential(), ValueError, ["at least one layer"]),
    (
        "a list of layers",
        lambda: dnn.Sequential([dnn.ReLU()]),
        TypeError,
        ["layer 0 must be a layer such as", "[ReLU()]"],
    ),
    ("a class", lambda: dnn.Sequential(dnn.ReLU), TypeError, ["layer 0", "dnnlib.ReLU()", "class"]),
    ("a number", lambda: dnn.Sequential(dnn.Dense(4, 2), 3), TypeError, ["layer 1", "got 3"]),
    ("torch's layer", lambda: dnn.Sequential(torch.nn.Linear(4, 2)), TypeError, ["layer 0", "Linear"]),
    (
        "layers that do not fit",
        lambda: dnn.Sequential(dnn.Dense(4, 5), dnn.ReLU(), dnn.Dense(6, 2)),
        ValueError,
        ["layer 2 does not fit", "Dense(6, 2) expects 6 features", "(5,)"],
    ),
    ("size 0", lambda: dnn.Dense(0, 3), ValueError, ["Dense: in_features must be at least 1, got 0"]),
    ("size −1", lambda: dnn.Dense(3, -1), ValueError, ["Dense: out_features must be at least 1, got -1"]),
    ("size 2.5", lambda: dnn.Dense(2.5, 3), TypeError, ["Dense: in_features must be an integer, got 2.5"]),
    ("size of text", lambda: dnn.Dense("4", 3), TypeError, ["in_features must be an integer, got '4'"]),
    ("size True", lambda: dnn.Dense(4, True), TypeError, ["out_features must be an integer, got True"]),
    ("a shape", lambda: dnn.Dense((8, 8), 3), TypeError, ["in_features must be an integer, got (8, 8)"]),
    ("unknown start", lambda: dnn.Dense(2, 3, weight_init="xavier"), ValueError, ["xavier_uniform", "got 'xavier'"]),
    ("start of no kind", lambda: dnn.Dense(2, 3, weight_init=0), ValueError, ["initializer", "zeros", "got 0"]),
    (
        "start of another shape",
        lambda: dnn.Sequential(dnn.Dense(2, 3, weight_init=lambda shape, rng: np.zeros(2))),
        ValueError,
        ["Dense(2, 3): initialize must give", "(3, 2)", "got", "(2,)"],
    ),
    ("fans of a vector", lambda: initializers.fans((3,)), ValueError, ["at least 2 axes", "(3,)"]),
    ("dtype float16", lambda: net(dtype="float16"), ValueError, ['"float32" or "float64"', "'float16'"]),
    ("dtype of NumPy", lambda: net(dtype=np.float32), ValueError, ['"float32" or "float64"', "numpy.float32"]),
    ("device gpu", lambda: net(device="gpu"), ValueError, ['"numpy", "cpu", "cuda" or "cuda:N"', "'gpu'"]),
    ("device cuda:", lambda: net(device="cuda:"), ValueError, ['"cuda:N"', "'cuda:'"]),
    ("device cpu:1", lambda: net(device="cpu:1"), ValueError, ['"cuda:N"', "'cpu:1'"]),
    ("device cuda:-1", lambda: net().to("cuda:-1"), ValueError, ['"cuda:N"', "'cuda:-1'"]),
    ("device None", lambda: net().to(None), ValueError, ['"cuda:N"', "None"]),
    ("device 99", lambda: net(device="cuda:99"), RuntimeError, ["'cuda:99'", "CUDA GPUs here", "best_device()"]),
    ("layer alone", lambda: dnn.Dense(4, 3).weight, RuntimeError, ["Dense(4, 3) has no weight yet", "Sequential"]),
    ("layer alone, run", lambda: dnn.Dense(4, 3).forward(X), RuntimeError, ["Dense(4, 3) has no weight yet"]),
    ("bias of none", lambda: _set(dnn.Dense(4, 3, bias=False), "bias", [0] * 3), ValueError, ["without bias"]),
    (
        "text as weight",
        lambda: _set(dnn.Dense(1, 2), "weight", [["a"], ["b"]]),
        TypeError,
        ["Dense(1, 2).weight", "<U1"],
    ),
]

DATA: list[Row] = [
    (
        "more features",
        lambda: net()(numbers(2, 6)),
        ValueError,
        ["Dense(4, 5)", "(batch, 4)", "got (2, 6); for", "in_features=6"],
    ),
    ("images", lambda: fit(numbers(10, 2, 2)), ValueError, ["(batch, 4)", "(10, 2, 2)", "x.reshape(len(x), -1)"]),
    ("one, forward", lambda: net().forward(X[0].astype("f")), ValueError, ["(batch, 4)", "(4,)", "x.reshape(1, -1)"]),
    ("one example", lambda: net()(X[0]), ValueError, ["(examples, features)", "(4,)", "x.reshape(1, -1)"]),
    ("one to predict", lambda: net().predict(X[0]), ValueError, ["(examples, features)", "x.reshape(1, -1)"]),
    ("one to fit", lambda: fit(X[0], Y[0]), ValueError, ["(examples, features)", "x.reshape(1, -1)"]),
    ("a number", lambda: net().predict(3.0), ValueError, ["(examples, features)", "got ()"]),
    ("None", lambda: net().predict(None), TypeError, ["x: expected an array of real numbers", "object"]),
    ("text", lambda: net().predict([["1", "2", "3", "4"]]), TypeError, ["x: expected an array of real", "<U1"]),
    ("complex", lambda: net().predict(X * 1j), TypeError, ["x: expected an array of real numbers", "complex128"]),
    ("complex tensor", lambda: net().predict(torch.tensor(X * 1j)), TypeError, ["real numbers", "complex128"]),
    ("rows unlike", lambda: net().predict([[1, 2, 3, 4], [1, 2]]), ValueError, ["x: ", "differ in length"]),
    ("NaN", lambda: fit(NAN), ValueError, ["x: 1 values are NaN or infinite", "(2, 1)", "remove or replace"]),
    ("infinity", lambda: net().predict(X * np.inf), ValueError, ["x: 40 values are NaN or inf"]),
    ("too large", lambda: net().predict(X * 1e60), ValueError, ["infinite in float32", "first at index (0, 0)"]),
    ("no data", lambda: fit(X[:0], Y[:0]), ValueError, ["no examples in x", "(0, 4)"]),
    ("empty lists", lambda: fit([], []), ValueError, ["(examples, features)", "(0,)"]),
    ("lengths", lambda: fit(X, Y[:9]), ValueError, ["one row an example", "x (10, 4), y (9,)"]),
    ("x and y swapped", lambda: fit(Y, X), ValueError, ["(examples, features)", "(10,)"]),
    ("no y", lambda: fit(X, None), ValueError, ["one row an example", "y ()"]),
    ("predict by 0", lambda: net().predict(X, batch_size=0), ValueError, ["predict: batch_size", "got 0"]),
    (
        "wrong dtype",
        lambda: net().forward(X),
        TypeError,
        ["float32 on device 'numpy'", "float64", "x.astype('float32')"],
    ),
    ("a list", lambda: net().forward([[1, 2, 3, 4]]), TypeError, ["float32 on device 'numpy'", "list"]),
    ("a tensor", lambda: net().forward(torch.ones(2, 4)), TypeError, ["device 'numpy'", "Tensor", "on cpu"]),
    (
        "an array",
        lambda: net(device="cpu").forward(X.astype("f")),
        TypeError,
        ["device 'cpu'", "ndarray of shape (10, 4)"],
    ),
    ("backward first", lambda: net().backward(np.ones((2, 3), "f")), RuntimeError, ["forward", "none yet"]),
    ("gradient's shape", lambda: _back(np.ones((2, 4), "f")), ValueError, ["outputs had shape (10, 3)", "(2, 4)"]),
    ("gradient's dtype", lambda: _back(np.ones((10, 3))), TypeError, ["gradient of the outputs", "float64"]),
    ("column of labels", lambda: fit(y=Y.reshape(-1, 1)), ValueError, ["(10, 1)", "y.reshape(-1)"]),
]

LOSSES: list[Row] = [
    ("label too large", lambda: fit(y=Y + 1), ValueError, ["SoftmaxCrossEntropy", "3 outputs", "0 … 2", "from 1 to 3"]),
    ("label negative", lambda: fit(y=Y - 1), ValueError, ["0 … 2", "from -1 to 1"]),
    ("labels of floats", lambda: fit(y=Y.astype(float)), TypeError, ["must be integers", "float64", "y.astype(int)"]),
    ("labels of text", lambda: fit(y=[str(v) for v in Y]), TypeError, ["labels must be integers", "<U1"]),
    ("labels of truth", lambda: fit(y=Y > 0), TypeError, ["labels must be integers", "bool"]),
    ("rows of another width", lambda: fit(y=np.eye(4)[Y]), ValueError, ["(batch, 3)", "got shape (10, 4)"]),
    ("rows of ones", lambda: fit(y=np.ones((10, 3))), ValueError, ["probabilities that add up to 1", "from 3 to 3"]),
    ("negative rows", lambda: fit(y=np.tile([2.0, -1.0, 0.0], (10, 1))), ValueError, ["add up to 1"]),
    ("NaN in rows", lambda: fit(y=np.full((10, 3), np.nan)), ValueError, ["y: 30 values are NaN"]),
    ("labels for MSE", lambda: fit(loss=MSE()), ValueError, ["MeanSquaredError", "(10, 3)", "(10,)", "one_hot"]),
    ("text for MSE", lambda: fit(y=[["a"] * 3] * 10, loss=MSE()), TypeError, ["y: expected an array of real"]),
    ("floats for an unknown width", lambda: _relu(CE(), X[:, 0]), TypeError, ["labels must be integers, got dtype"]),
    (
        "list of labels",
        lambda: score(X, [0] * 10),
        TypeError,
        ["SoftmaxCrossEntropy()", "arrays of one engine", "list"],
    ),
    ("two engines", lambda: score(torch.tensor(X), Y), TypeError, ["one engine", "Tensor", "ndarray"]),
    ("two engines in MSE", lambda: score(X, torch.tensor(X), MSE()), TypeError, ["one engine", "Tensor", "ndarray"]),
    ("fewer targets", lambda: score(X, Y[:8]), ValueError, ["10 predictions but 8 targets"]),
    ("no predictions", lambda: score(X[:0], Y[:0]), ValueError, ["(batch, outputs)", "(0, 4)"]),
    ("one axis", lambda: score(X[0], Y[:4]), ValueError, ["(batch, outputs)", "(4,)"]),
    ("label as class", lambda: score(X, Y + 7), ValueError, ["4 outputs", "from 7 to 9"]),
    ("broadcast", lambda: score(X[:, :1], Y * 1.0, MSE()), ValueError, ["(10, 1)", "(10,)", "y.reshape(-1, 1)"]),
]


def _set(layer: dnn.Layer, name: str, values: Any) -> None:
    dnn.Sequential(layer)
    setattr(layer, name, values)


def _back(grad_output: np.ndarray) -> None:
    model = net()
    model.forward(X.astype("f"))
    model.backward(grad_output)


def _relu(loss: dnn.Loss, y: np.ndarray) -> None:
    dnn.Sequential(dnn.ReLU()).fit(X, y, loss=loss, optimizer=dnn.SGD())


@rows(NETWORKS)
def test_network(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


@rows(DATA)
def test_data(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


@rows(LOSSES)
def test_targets(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
