"""Wrong options, and what the message says; the tables are made as in `mistakes`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import OPTIMIZERS, numbers, on_every_engine, put
from mistakes import CE, MSE, Row, X, Y, check, fit, net, rows

import dnnlib as dnn
from dnnlib.data import Standardizer, one_hot, random_split

OPTIONS: list[Row] = [
    (
        "loss as class",
        lambda: fit(loss=CE),
        TypeError,
        ["loss must be a loss such as", "SoftmaxCrossEntropy()", "class"],
    ),
    ("loss as text", lambda: fit(loss="mse"), TypeError, ["loss must be a loss such as", "'mse'"]),
    ("torch's loss", lambda: fit(loss=torch.nn.MSELoss()), TypeError, ["loss must be a loss", "MSELoss"]),
    (
        "optimizer as class",
        lambda: fit(optimizer=dnn.Adam),
        TypeError,
        ["must be an optimizer such as", "Adam(lr=1e-3)"],
    ),
    ("optimizer as text", lambda: fit(optimizer="sgd"), TypeError, ["must be an optimizer such as", "'sgd'"]),
    ("no epochs", lambda: fit(epochs=0), ValueError, ["epochs must be an integer of at least 1, got 0"]),
    ("half an epoch", lambda: fit(epochs=1.5), ValueError, ["epochs must be an integer", "1.5"]),
    ("batch of 0", lambda: fit(batch_size=0), ValueError, ["fit: batch_size must be an integer of at least 1, got 0"]),
    ("batch of floats", lambda: fit(batch_size=32.0), ValueError, ["fit: batch_size must be an integer", "32.0"]),
    ("batch of text", lambda: fit(batch_size="32"), ValueError, ["fit: batch_size must be an integer", "'32'"]),
    ("validation x alone", lambda: fit(validation_data=X), TypeError, ["pair (x_val, y_val)", "ndarray"]),
    ("validation of 3", lambda: fit(validation_data=(X, Y, X)), TypeError, ["pair (x_val, y_val)", "tuple"]),
    ("validation fraction", lambda: fit(validation_data=0.2), TypeError, ["pair (x_val, y_val)", "float"]),
    ("validation labels", lambda: fit(validation_data=(X, Y + 5)), ValueError, ["0 … 2", "from 5 to 7"]),
    ("not trained", lambda: net().evaluate(X, Y), ValueError, ["not trained yet", "loss="]),
    (
        "evaluate by class",
        lambda: net().evaluate(X, Y, CE),
        TypeError,
        ["evaluate: loss must be a loss such as", "class"],
    ),
    *(
        (f"lr {rate!r}", lambda rate=rate: dnn.SGD(lr=rate), ValueError, ["SGD: lr (the learning rate)", repr(rate)])
        for rate in (0, -0.1, float("nan"), float("inf"), "0.1", None, True, [0.1], np.ones(1))
    ),
    *(
        (f"momentum {m!r}", lambda m=m: dnn.SGD(momentum=m), ValueError, ["SGD: momentum must lie in [0, 1)", repr(m)])
        for m in (1, 1.0, -0.5, float("nan"), "0.9", None, True)
    ),
    *(
        (f"betas {b!r}", lambda b=b: dnn.Adam(betas=b), ValueError, ["Adam: betas", word])
        for b, word in (
            (0.9, "0.9"),
            ((0.9,), "(0.9,)"),
            ((1.0, 0.9), "betas[0]"),
            ((0.9, "x"), "betas[1]"),
            (None, "None"),
        )
    ),
    *(
        (f"{name} {v!r}", lambda make=make, v=v: make(v), ValueError, [f"{name} must be a positive number", repr(v)])
        for name, make in (
            ("Adagrad: eps", lambda v: dnn.Adagrad(eps=v)),
            ("RMSprop: eps", lambda v: dnn.RMSprop(eps=v)),
            ("Adadelta: eps", lambda v: dnn.Adadelta(eps=v)),
            ("Adam: eps", lambda v: dnn.Adam(eps=v)),
            ("AdamW: eps", lambda v: dnn.AdamW(eps=v)),
            ("NAdam: eps", lambda v: dnn.NAdam(eps=v)),
            ("NAdam: lr (the learning rate)", dnn.NAdam),
            ("Adadelta: lr (the learning rate)", dnn.Adadelta),
        )
        for v in (0, -1e-8, float("nan"), float("inf"), "1e-8", None)
    ),
    *(
        (f"{name} {v!r}", lambda make=make, v=v: make(v), ValueError, [f"{name} must lie in [0, 1)", repr(v)])
        for name, make in (
            ("RMSprop: alpha", lambda v: dnn.RMSprop(alpha=v)),
            ("Adadelta: rho", lambda v: dnn.Adadelta(rho=v)),
            ("AdamW: betas[1]", lambda v: dnn.AdamW(betas=(0.9, v))),
            ("NAdam: betas[0]", lambda v: dnn.NAdam(betas=[v, 0.9])),
        )
        for v in (1, -0.1, float("nan"), "0.9", None, True)
    ),
    *(
        (f"{name} {v!r}", lambda make=make, v=v: make(v), ValueError, [f"{name} must be a finite number", repr(v)])
        for name, make in (
            ("AdamW: weight_decay", lambda v: dnn.AdamW(weight_decay=v)),
            ("NAdam: momentum_decay", lambda v: dnn.NAdam(momentum_decay=v)),
        )
        for v in (-0.1, float("nan"), float("inf"), "0.1", None, True)
    ),
    ("Nesterov alone", lambda: dnn.SGD(nesterov=True), ValueError, ["nesterov=True needs a momentum", "momentum=0.0"]),
    *(
        (f"nesterov {v!r}", lambda v=v: dnn.SGD(momentum=0.9, nesterov=v), ValueError, ["nesterov must be", repr(v)])
        for v in (1, "True", None)
    ),
    ("gradient too short", lambda: dnn.SGD().step(np.ones(3), np.ones(2)), ValueError, ["SGD", "(3,)", "(2,)"]),
    ("gradient's engine", lambda: dnn.SGD().step(np.ones(3), torch.ones(3)), ValueError, ["ndarray", "Tensor"]),
    ("gradient's dtype", lambda: dnn.SGD().step(np.ones(3, "f"), np.ones(3)), ValueError, ["float32", "float64"]),
    ("lists", lambda: dnn.SGD().step([1.0], [1.0]), ValueError, ["SGD: theta is list [1.0]"]),
]

PREPARATION: list[Row] = [
    ("fractions", lambda: random_split(X, Y, [0.8, 0.3], 0), ValueError, ["add up to 1", "[0.8, 0.3] = 1.1"]),
    ("fractions of less", lambda: random_split(X, Y, [0.8, 0.19], 0), ValueError, ["add up to 1", "= 0.99"]),
    ("counts", lambda: random_split(X, Y, [8, 3], 0), ValueError, ["10 examples cannot be dealt", "[8, 3]"]),
    ("empty part", lambda: random_split(X, Y, [0.99, 0.01], 0), ValueError, ["10 examples", "[10, 0]"]),
    ("negative count", lambda: random_split(X, Y, [12, -2], 0), ValueError, ["[12, -2]"]),
    ("no parts", lambda: random_split(X, Y, [], 0), ValueError, ["10 examples", "[]"]),
    (
        "one fraction",
        lambda: random_split(X, Y, 0.8, 0),
        TypeError,
        ["lengths must be a list such as [0.8, 0.2]", "0.8"],
    ),
    ("split of lists", lambda: random_split([1], [2], [1.0], 0), TypeError, ["random_split: x", "list"]),
    ("split lengths", lambda: random_split(X, Y[:9], [1.0], 0), ValueError, ["one row an example", "(9,)"]),
    ("one-hot of floats", lambda: one_hot([0.0, 1.0], 2), TypeError, ["labels must be integers", "float64"]),
    ("one-hot of columns", lambda: one_hot([[0], [1]], 2), TypeError, ["in one row", "(2, 1)"]),
    ("one-hot too large", lambda: one_hot([0, 3], 3), ValueError, ["0 … 2", "from 0 to 3"]),
    ("one-hot negative", lambda: one_hot([0, -1], 3), ValueError, ["0 … 2", "from -1 to 0"]),
    ("scale one axis", lambda: Standardizer(X[0]), ValueError, ["(N, features)", "(4,)"]),
    ("scale nothing", lambda: Standardizer(X[:0]), ValueError, ["(N, features)", "(0, 4)"]),
    ("scale other features", lambda: Standardizer(X)(numbers(3, 2)), ValueError, ["(N, 4)", "(3, 2)"]),
    ("source of C", lambda: dnn.show_source(len), TypeError, []),
]


@rows(OPTIONS)
def test_options(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


@rows(PREPARATION)
def test_preparation(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


@on_every_engine
@pytest.mark.parametrize("optimizer", [case for case in OPTIMIZERS if case.make().memory], ids=lambda case: case.name)
def test_an_optimizer_remembers_its_network(optimizer: Any, device: str) -> None:
    """What it remembers of one θ means nothing for another."""
    ours = optimizer.make()
    ours.step(put(np.ones(6), device), put(np.ones(6), device))
    for theta in (put(np.ones(5), device), put(np.ones(6, "f"), device, "float32"), put(np.ones(6), _other(device))):
        check(
            lambda theta=theta: ours.step(theta, theta * 1), ValueError, ["remembers", "a new network", "new optimizer"]
        )


def _other(device: str) -> str:
    return "cpu" if device == "numpy" else "numpy"


def test_what_is_not_defined_says_so() -> None:
    """Base classes, for who writes a layer, a loss or an optimizer and leaves something out."""
    for do in (
        lambda: dnn.Layer().forward(X),
        lambda: dnn.Layer().backward(X),
        lambda: dnn.Loss().forward(X, Y),
        lambda: dnn.Loss().backward(),
        lambda: dnn.Loss().prepare(Y, X, None),
        lambda: dnn.Optimizer(0.1).step(X[0], X[0]),
    ):
        check(do, NotImplementedError, ["does not define"])


def test_a_layer_of_ones_own_needs_no_init() -> None:
    """Who writes `__init__` may forget `super().__init__()`."""

    class Scale(dnn.Layer):
        def __init__(self, factor: float) -> None:
            self.factor = factor

        def forward(self, x: Any) -> Any:
            return self.factor * x

        def backward(self, grad_output: Any) -> Any:
            return self.factor * grad_output

    model = dnn.Sequential(dnn.Dense(4, 3), Scale(2.0), dnn.Dense(3, 2), seed=0, dtype="float64")
    dnn.gradcheck(model, X, numbers(10, 2), MSE())
    assert "Scale(factor=2.0)" in repr(model)
