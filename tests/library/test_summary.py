"""The table of a network's layers tells the truth, and fits a page."""

import re
from typing import Any

import numpy as np
import pytest
from mistakes import Row, check, rows

import dnnlib as dnn
from dnnlib.models import COLUMNS

TABLE = """\
layer                                output shape  parameters
input                                 1 × 22 × 22
0  Conv2d(1, 2, 3)                    2 × 20 × 20          20
1  Residual                           4 × 20 × 20
  body.0 Conv2d(2, 4, 3, padding=1)   4 × 20 × 20          76
  body.1 BatchNorm(4)                 4 × 20 × 20           8
  shortcut.0 Residual                 4 × 20 × 20
    body.0 Conv2d(2, 4, 1)            4 × 20 × 20          12
    shortcut.0 Conv2d(2, 4, 1)        4 × 20 × 20          12
2  Flatten()                                 1600           0
3  Dense(1600, 10)                             10      16,010
16,138 parameters, 0.1 MB in float32, and as much for their gradients
9 numbers beside them are remembered, not learned: running statistics
"""


def test_summary() -> None:
    """Layers of layers are indented below; the running count takes the branches of a block apart."""
    model = dnn.Sequential(
        dnn.Conv2d(1, 2, 3),
        dnn.Residual(
            [dnn.Conv2d(2, 4, 3, padding=1), dnn.BatchNorm(4)],
            [dnn.Residual([dnn.Conv2d(2, 4, 1)], [dnn.Conv2d(2, 4, 1)])],
        ),
        dnn.Flatten(),
        dnn.Dense(1600, 10),
    )
    assert f"{dnn.summary(model, (1, 22, 22))}\n" == TABLE


def numbers_of(table: str) -> list[int]:
    """The last column: parameters of each layer."""
    rows = re.finditer(r"^(?!input).*  ([\d,]+)$", table, re.MULTILINE)
    return [int(found[1].replace(",", "")) for found in rows]


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (dnn.mlp(784, 500, 500, 10), (784,)),
        (dnn.lenet(), (1, 28, 28)),
        (dnn.resnet(20), (3, 32, 32)),
        (dnn.resnet(8, width=512, dtype="float64"), (3, 1000, 1000)),
    ],
    ids=["mlp", "lenet", "resnet", "wide"],
)
def test_summary_adds_up(model: dnn.Sequential, shape: tuple[int, ...]) -> None:
    """The column has every parameter once, the lines fit a page, and the last shape is that of the outputs."""
    table = model.summary(shape)
    lines = table.splitlines()
    assert sum(numbers_of(table)) == len(model.theta)
    assert max(map(len, lines)) <= COLUMNS
    assert f"{len(model.theta):,} parameters, {model.theta.nbytes / 1e6:.1f} MB in {model.dtype}" in table
    assert (f"{len(model.state):,} numbers beside them" in table) == bool(len(model.state))
    assert len(numbers_of(table)) == sum(not layer.children() for _, layer in model.named_layers())
    assert "?" not in table


def test_summary_without_input_shape() -> None:
    """Known where a Dense layer begins; else what can be known, and a hint."""
    assert "?" not in dnn.summary(dnn.mlp(4, 3))
    assert re.search(r"^input +4$", dnn.summary(dnn.mlp(4, 3)), re.MULTILINE)
    table = dnn.summary(dnn.lenet())
    assert "6 × ? × ?" in table
    assert table.endswith("?: not known without input_shape, the shape of one example, such as (3, 32, 32)")
    assert re.search(r"Flatten\(\) +\? +0$", table, re.MULTILINE)


def test_summary_changes_nothing() -> None:
    model = dnn.resnet(8)
    theta, state = model.theta.copy(), model.state.copy()
    model.summary((3, 8, 8))
    np.testing.assert_array_equal(model.theta, theta)
    np.testing.assert_array_equal(model.state, state)


REFUSALS: list[Row] = [
    (
        "summary of 4",
        lambda: dnn.summary(dnn.mlp(4, 3), 4),
        TypeError,
        ["input_shape must be the shape of one", "got 4"],
    ),
    ("summary of 0", lambda: dnn.summary(dnn.mlp(4, 3), (0,)), ValueError, ["at least 1", "(0,)"]),
    ("summary of true", lambda: dnn.summary(dnn.mlp(4, 3), (True,)), TypeError, ["input_shape must be", "(True,)"]),
    (
        "summary of a smaller image",
        lambda: dnn.lenet().summary((1, 20, 20)),
        ValueError,
        ["layer 7 does not fit input_shape (1, 20, 20)", "Dense(400, 120)"],
    ),
    (
        "summary with the batch",
        lambda: dnn.resnet(8).summary((64, 3, 32, 32)),
        ValueError,
        ["layer 0 does not fit input_shape (64, 3, 32, 32)", "Conv2d"],
    ),
]


@rows(REFUSALS)
def test_refusals(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
