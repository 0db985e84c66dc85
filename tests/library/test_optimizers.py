"""Optimizers beyond their steps: the lectures' forms, what a step leaves alone, and whose memory it is."""

import copy
import json
import math
import pickle
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from catalogue import (
    OPTIMIZERS,
    OptimizerCase,
    assert_close,
    each_optimizer,
    in_every_dtype,
    on_every_engine,
    put,
)
from mistakes import CE, X, Y, check, net

import dnnlib as dnn
from dnnlib import engine

WITH_MEMORY = [case for case in OPTIMIZERS if case.make().memory]
each_with_memory = pytest.mark.parametrize("optimizer", WITH_MEMORY, ids=lambda case: case.name)


def gradients(steps: int, size: int = 9) -> np.ndarray:
    return np.random.default_rng(5).normal(size=(steps, size))


def walk(optimizer: dnn.Optimizer, theta: Any, grads: np.ndarray) -> None:
    """One step for each gradient; the rate falls as it does with a schedule."""
    for grad in grads:
        optimizer.lr = 0.1 / (optimizer.t + 1)
        optimizer.step(theta, put(grad, engine.device_of(theta), engine.dtype_of(theta)))


@on_every_engine
def test_adagrad_divides_by_the_root_of_the_sum(device: str) -> None:
    """Lecture C18: gradients 0.1, 0.2 and 20, 10 give rates η/0.1, η/0.22 and η/20, η/22: nearly the same steps."""
    theta, optimizer = put(np.zeros(2), device), dnn.Adagrad(lr=1.0, eps=1e-15)
    optimizer.step(theta, put(np.array([0.1, 20.0]), device))
    assert_close(theta, np.array([-1.0, -1.0]))
    optimizer.step(theta, put(np.array([0.2, 10.0]), device))
    assert_close(theta, np.array([-1 - 0.2 / math.sqrt(0.05), -1 - 10 / math.sqrt(500)]))


@on_every_engine
def test_momentum_as_the_lecture_writes_it(device: str) -> None:
    """Lecture A28: v ← λ v − η g, θ ← θ + v is the same path at a constant rate."""
    theta, expected, v = put(np.ones(9), device), np.ones(9), np.zeros(9)
    optimizer = dnn.SGD(lr=0.1, momentum=0.8)
    for grad in gradients(6):
        optimizer.step(theta, put(grad, device))
        v = 0.8 * v - 0.1 * grad
        expected = expected + v
        assert_close(theta, expected)
        assert_close(optimizer.state["velocity"], v / -0.1)


@on_every_engine
@each_optimizer
def test_the_gradient_stays_as_it_is(optimizer: OptimizerCase, device: str) -> None:
    theta, grad = put(np.ones(9), device), put(gradients(1)[0], device)
    ours = optimizer.make()
    ours.step(theta, grad)
    ours.step(theta, grad)
    np.testing.assert_array_equal(engine.to_numpy(grad), gradients(1)[0])


@in_every_dtype
@each_optimizer
def test_slices_do_not_change_a_bit(optimizer: OptimizerCase, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = []
    for block in (1, 7, 8, 1000):
        monkeypatch.setattr(engine, "CACHE_BLOCK", block)
        theta = np.ones(37, dtype)
        walk(optimizer.make(), theta, gradients(4, 37))
        paths.append(theta)
    for path in paths:
        np.testing.assert_array_equal(path, paths[0])


@each_optimizer
def test_two_optimizers_at_work_do_not_disturb_each_other(optimizer: OptimizerCase) -> None:
    """They share the memory for intermediate results, in two precisions and sizes."""
    alone, beside, other = np.ones(9), np.ones(9), np.ones(12, np.float32)
    walk(optimizer.make(), alone, gradients(6))
    first, second = optimizer.make(), optimizer.make()
    for k in range(6):
        walk(first, beside, gradients(6)[k : k + 1])
        walk(second, other, gradients(6, 12)[k : k + 1])
    np.testing.assert_array_equal(beside, alone)


def test_threads_have_intermediate_results_of_their_own() -> None:
    """Two networks may train in two threads at once."""
    root = engine.square_root(np.full(9, 4.0))
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(engine.square_root, np.full(9, 25.0)).result()[0] == 5
    np.testing.assert_array_equal(root, np.full(9, 2.0))


@each_optimizer
def test_a_step_needs_no_memory_of_the_size_of_theta(optimizer: OptimizerCase) -> None:
    theta = np.ones(8 * engine.CACHE_BLOCK, np.float32)
    ours, grad = optimizer.make(), np.ones_like(theta)
    ours.step(theta, grad)
    tracemalloc.start()
    ours.step(theta, grad)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < theta.nbytes / 3, f"{peak} bytes for a theta of {theta.nbytes}"


def fit(model: dnn.Sequential, optimizer: dnn.Optimizer) -> dnn.History:
    return model.fit(X, Y, loss=CE(), optimizer=optimizer, batch_size=5)


@on_every_engine
@each_with_memory
def test_fit_refuses_the_memory_of_another_network(optimizer: OptimizerCase, device: str) -> None:
    """Even one of the same size, and even when that network is no more."""
    first, second, ours = net(device=device), net(device=device), optimizer.make()
    fit(first, ours)
    steps = ours.t
    fit(first, ours)
    assert ours.t == 2 * steps, "the same network may go on"
    theta = engine.to_numpy(second.theta).copy()
    words = [type(ours).__name__, f"remembers {2 * steps} steps of another network", "new optimizer"]
    check(lambda: fit(second, ours), ValueError, words)
    fit(first, ours)
    del first
    check(lambda: fit(second, ours), ValueError, ["of another network"])
    np.testing.assert_array_equal(engine.to_numpy(second.theta), theta)
    assert second.loss is None, "refused before anything was changed"


def test_fit_refuses_the_memory_from_before_a_move() -> None:
    model, ours = net(), dnn.Adam()
    fit(model, ours)
    model.to("cpu")
    check(lambda: fit(model, ours), ValueError, ["or of this one before it moved to another device"])


def test_plain_descent_has_no_memory_of_a_network() -> None:
    ours, models = dnn.SGD(lr=0.1), [net(), net()]
    for model in models:
        fit(model, ours)
    np.testing.assert_array_equal(models[0].theta, models[1].theta)


@each_with_memory
def test_fit_takes_an_optimizer_that_was_copied_or_loaded(optimizer: OptimizerCase) -> None:
    ours, model = optimizer.make(), net()
    fit(model, ours)
    loaded = optimizer.make()
    fit(net(), loaded)
    loaded.load_state_dict(ours.state_dict())
    copies = [(copy.deepcopy(ours), copy.deepcopy(model)), (pickle.loads(pickle.dumps(ours)), copy.deepcopy(model))]
    fit(model, ours)
    for again, twin in (*copies, (loaded, copy.deepcopy(copies[0][1]))):
        fit(twin, again)
        np.testing.assert_array_equal(twin.theta, model.theta)
        assert again.t == ours.t


@each_optimizer
def test_steps_by_hand_may_give_a_new_array_each_time(optimizer: OptimizerCase) -> None:
    """Who draws the path of θ keeps every θ."""
    path, expected = [np.ones(9)], np.ones(9)
    walk(optimizer.make(), expected, gradients(5))
    ours = optimizer.make()
    for grad in gradients(5):
        path.append(path[-1].copy())
        ours.lr = 0.1 / (ours.t + 1)
        ours.step(path[-1], grad)
    np.testing.assert_array_equal(path[-1], expected)


@each_optimizer
def test_repr_and_options_make_the_optimizer_again(optimizer: OptimizerCase) -> None:
    ours = optimizer.make()
    again: Any = eval(repr(ours), vars(dnn))
    assert type(again) is type(ours)
    assert again.options() == ours.options() == type(ours)(**json.loads(json.dumps(ours.options()))).options()
    theta, expected = np.ones(9), np.ones(9)
    walk(again, theta, gradients(3))
    walk(ours, expected, gradients(3))
    np.testing.assert_array_equal(theta, expected)


def test_repr() -> None:
    """The rate, and what was not left as it is."""
    assert repr(dnn.SGD(lr=10)) == "SGD(lr=10)"
    assert repr(dnn.SGD(lr=0.1, momentum=0.9)) == "SGD(lr=0.1, momentum=0.9)"
    assert repr(dnn.Adam()) == "Adam(lr=0.001)"
    assert repr(dnn.AdamW(lr=0.1, betas=(0.8, 0.9))) == "AdamW(lr=0.1, betas=(0.8, 0.9))"
