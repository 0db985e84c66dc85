"""What an optimizer remembers: exact resumption from its state, and states that are refused."""

import copy
import json
import math
from typing import Any

import numpy as np
import pytest
from catalogue import (
    OptimizerCase,
    assert_close,
    each_optimizer,
    in_every_dtype,
    on_every_engine,
    on_every_torch_engine,
    put,
)
from mistakes import Row, check, rows
from test_optimizers import each_with_memory, gradients, walk

import dnnlib as dnn
from dnnlib import engine


@on_every_engine
@in_every_dtype
@each_optimizer
def test_exact_resumption(optimizer: OptimizerCase, device: str, dtype: str) -> None:
    """7 steps, then 6 by a new optimizer with the state of the first: 13 steps, to the last bit; by way of a file."""
    whole, parts = put(np.ones(9), device, dtype), put(np.ones(9), device, dtype)
    walk(optimizer.make(), whole, gradients(13))
    first, second = optimizer.make(), optimizer.make()
    walk(first, parts, gradients(13)[:7])
    state = first.state_dict()
    arrays = {name: value for name, value in state.items() if isinstance(value, np.ndarray)}
    assert set(arrays) == set(first.memory)
    rest = json.loads(json.dumps({name: value for name, value in state.items() if name not in arrays}))
    second.load_state_dict(rest | {name: put(value, device) for name, value in arrays.items()})
    assert (second.t, second.lr) == (7, 0.1 / 7)
    walk(second, parts, gradients(13)[7:])
    np.testing.assert_array_equal(engine.to_numpy(parts), engine.to_numpy(whole))
    assert second.t == 13


@each_optimizer
def test_the_state_of_a_new_optimizer(optimizer: OptimizerCase) -> None:
    ours = optimizer.make()
    assert set(ours.state_dict()) == {"t", "lr", *(["mu_product"] if isinstance(ours, dnn.NAdam) else [])}
    used, theta, expected = optimizer.make(), np.ones(9), np.ones(9)
    walk(used, np.ones(9), gradients(3))
    used.load_state_dict(ours.state_dict())
    walk(used, theta, gradients(3))
    walk(ours, expected, gradients(3))
    np.testing.assert_array_equal(theta, expected)


@on_every_engine
@each_with_memory
def test_states_are_copies(optimizer: OptimizerCase, device: str) -> None:
    """Neither later steps nor changes by hand reach from the optimizer to a state, or back."""
    first, second = optimizer.make(), optimizer.make()
    walk(first, put(np.ones(9), device), gradients(3))
    state, before = first.state_dict(), copy.deepcopy(first.state_dict())
    second.load_state_dict(state)
    for ours in (first, second):
        walk(ours, put(np.ones(9), device), gradients(3))
        for name in ours.memory:
            np.testing.assert_array_equal(state[name], before[name])


@on_every_torch_engine
@each_with_memory
def test_the_memory_follows_theta_to_its_device(optimizer: OptimizerCase, device: str) -> None:
    paths = []
    for first, second in (("numpy", "numpy"), ("numpy", device), (device, "numpy")):
        theta, ours = put(np.ones(9), first), optimizer.make()
        walk(ours, theta, gradients(3))
        after, theta = optimizer.make(), engine.to_device(theta, second)
        after.load_state_dict(ours.state_dict())
        walk(after, theta, gradients(6)[3:])
        paths.append(theta)
    assert_close(paths[1], paths[0])
    assert_close(paths[2], paths[0])


@each_with_memory
def test_a_loaded_memory_of_another_size_is_refused(optimizer: OptimizerCase) -> None:
    ours, again = optimizer.make(), optimizer.make()
    walk(ours, np.ones(9), gradients(3))
    again.load_state_dict(ours.state_dict())
    for theta in (np.ones(8), np.ones(9, np.float32)):
        check(lambda theta=theta: again.step(theta, theta), ValueError, ["remembers", "(9,)", "a new network"])
    walk(again, np.ones(9), gradients(2))
    assert again.t == 5


def adam_state(**changes: Any) -> dict[str, Any]:
    return {"t": 3, "lr": 0.1, "gradients": np.ones(4), "squares": np.ones(4)} | changes


STATES: list[Row] = [
    ("none", lambda: dnn.Adam().load_state_dict(None), TypeError, ["Adam.load_state_dict", "state_dict()", "None"]),
    ("empty", lambda: dnn.Adam().load_state_dict({}), ValueError, ["holds nothing", "lr, t"]),
    (
        "of SGD",
        lambda: dnn.Adam().load_state_dict({"t": 3, "lr": 0.1, "velocity": np.ones(4)}),
        ValueError,
        ["holds lr, t, velocity", "Adam(lr=0.001", "after 3 steps has gradients, lr, squares, t"],
    ),
    (
        "of Adam for SGD",
        lambda: dnn.SGD().load_state_dict(adam_state()),
        ValueError,
        ["SGD.load_state_dict", "has lr, t"],
    ),
    (
        "of Adam for NAdam",
        lambda: dnn.NAdam().load_state_dict(adam_state()),
        ValueError,
        ["has gradients, lr, mu_product, squares, t"],
    ),
    ("memory too early", lambda: dnn.Adam().load_state_dict(adam_state(t=0)), ValueError, ["after 0 steps has lr, t"]),
    *(
        (f"t {t!r}", lambda t=t: dnn.Adam().load_state_dict(adam_state(t=t)), ValueError, ["t must be", repr(t)])
        for t in (1.5, -1, True, "3", math.nan)
    ),
    *(
        (f"lr {lr!r}", lambda lr=lr: dnn.Adam().load_state_dict(adam_state(lr=lr)), ValueError, ["lr must", repr(lr)])
        for lr in (-0.1, math.inf, "0.1", None)
    ),
    *(
        (
            f"memory {words[0]}",
            lambda gradients=gradients: dnn.Adam().load_state_dict(adam_state(gradients=gradients)),
            ValueError,
            ["gradients and squares must be flat vectors of floats, as long as θ", *words],
        )
        for gradients, words in (
            (np.ones(5), ["(5,)", "(4,)"]),
            (np.ones((2, 2)), ["(2, 2)"]),
            (np.ones(4, np.float32), ["float32", "float64"]),
            (np.ones(4, int), ["int64"]),
            ([1.0] * 4, ["list"]),
        )
    ),
]


@rows(STATES)
def test_states_that_do_not_fit(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


def test_a_state_that_is_refused_changes_nothing() -> None:
    ours, expected = dnn.Adam(), dnn.Adam()
    theta, other = np.ones(4), np.ones(4)
    for optimizer, vector in ((ours, theta), (expected, other)):
        walk(optimizer, vector, gradients(2, 4))
    for wrong in (adam_state(gradients=np.ones(5)), adam_state(t=-1), adam_state(lr=math.nan), {}):
        with pytest.raises(ValueError, match="load_state_dict"):
            ours.load_state_dict(wrong)
    walk(ours, theta, gradients(2, 4))
    walk(expected, other, gradients(2, 4))
    np.testing.assert_array_equal(theta, other)
