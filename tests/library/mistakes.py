"""What the tests of error messages share: rows of mistakes, and a network and data to make them with.

A row of a table: what is wrong, how to do it, the exception, and words that its message must have.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from catalogue import numbers

import dnnlib as dnn

Row = tuple[str, Callable[[], Any], type[Exception], list[str]]

X, Y = numbers(10, 4), np.arange(10) % 3
NAN = np.where(np.arange(40).reshape(10, 4) == 9, np.nan, X)
CE, MSE = dnn.SoftmaxCrossEntropy, dnn.MeanSquaredError


def net(**options: Any) -> dnn.Sequential:
    return dnn.Sequential(dnn.Dense(4, 5), dnn.ReLU(), dnn.Dense(5, 3), **options)


def fit(x: Any = X, y: Any = Y, **options: Any) -> dnn.History:
    return net().fit(x, y, **({"loss": CE(), "optimizer": dnn.SGD()} | options))


def rows(table: list[Row]) -> pytest.MarkDecorator:
    """Run a test for every row of a table."""
    return pytest.mark.parametrize(("do", "error", "words"), [row[1:] for row in table], ids=[row[0] for row in table])


def check(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    with pytest.raises(error) as caught:
        do()
    assert type(caught.value) is error, f"{type(caught.value).__name__}, not {error.__name__}: {caught.value}"
    for word in words:
        assert word in str(caught.value), f"{word!r} is missing from: {caught.value}"
