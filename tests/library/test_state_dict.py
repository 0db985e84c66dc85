"""Parameters and buffers by torch's names go in and out; a state that does not fit changes nothing."""

import copy
from typing import Any

import numpy as np
import pytest
from catalogue import in_every_dtype, numbers, on_every_engine
from mistakes import check
from torch import nn

import dnnlib as dnn
from dnnlib import engine
from dnnlib.interop import load_state_dict, state_dict, to_torch


def network(**options: Any) -> dnn.Sequential:
    block = dnn.Residual([dnn.Dense(3, 3), dnn.BatchNorm(3)])
    return dnn.Sequential(dnn.Dense(4, 3), block, dnn.Dense(3, 2), **options)


@on_every_engine
@in_every_dtype
def test_state_of_torch(dtype: str, device: str) -> None:
    """Tensors of any float type, and counters as integers, both ways."""
    model, other = network(seed=1, dtype=dtype, device=device), network(seed=2, dtype=dtype, device=device)
    model(numbers(6, 4))
    net = to_torch(model)
    load_state_dict(other, net.state_dict())
    for ours, theirs in ((other.theta, model.theta), (other.state, model.state)):
        np.testing.assert_array_equal(engine.to_numpy(ours), engine.to_numpy(theirs))
    state = state_dict(model)
    assert state["1.body.1.num_batches_tracked"].dtype == np.int64
    assert state["1.body.1.num_batches_tracked"] == 1
    assert {str(value.dtype) for name, value in state.items() if "tracked" not in name} == {dtype}
    load_state_dict(other, {name: value.astype("f2") for name, value in state.items()})
    half = float(other.theta[0])
    load_state_dict(other, net.bfloat16().state_dict())
    assert half == pytest.approx(float(other.theta[0]), rel=1e-2)
    assert half != float(other.theta[0])


BAD_STATES: list[tuple[str, Any, type[Exception], list[str]]] = [
    ("a module", nn.Linear(2, 2), TypeError, ["expected a mapping from names to arrays", "got Linear"]),
    ("a list", [1, 2], TypeError, ["expected a mapping", "got list [1, 2]"]),
    ("another network's", {"fc.weight": np.ones(3)}, ValueError, ["0.weight is missing", "fc.weight is not one of"]),
    (
        "all at once",
        {
            name: value
            for name, value in (
                state_dict(network())
                | {"0.weight": np.ones((4, 3)), "2.bias": np.array([1.0, np.nan]), "more": np.ones(2), "0.bias": "text"}
            ).items()
            if name != "1.body.1.running_mean"
        },
        ValueError,
        [
            "0.weight: shape (3, 4) needed, (4, 3) found",
            "2.bias: NaN or infinite in float32",
            "more is not one of the network's",
            "0.bias: the value: expected an array of real numbers",
            "1.body.1.running_mean is missing",
        ],
    ),
    (
        "too large",
        state_dict(network()) | {"0.bias": np.full(3, 1e300)},
        ValueError,
        ["0.bias: NaN or infinite"],
    ),
    ("complex", state_dict(network()) | {"0.bias": np.full(3, 1j)}, ValueError, ["0.bias", "real numbers"]),
    ("ragged", state_dict(network()) | {"0.bias": [[1], [1, 2]]}, ValueError, ["0.bias", "rows may differ"]),
]


@pytest.mark.parametrize(("state", "error", "words"), [row[1:] for row in BAD_STATES], ids=[r[0] for r in BAD_STATES])
def test_state_that_does_not_fit(state: Any, error: type[Exception], words: list[str]) -> None:
    """One message with everything that is wrong, and nothing is changed."""
    model = network(seed=3)
    before = model.theta.copy(), model.state.copy(), copy.deepcopy(state)
    check(lambda: load_state_dict(model, state), error, words)
    np.testing.assert_array_equal(model.theta, before[0])
    np.testing.assert_array_equal(model.state, before[1])
