"""Gradient clipping: torch's numbers, in place, for entries that are no numbers too; and as callbacks of `fit`."""

import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import assert_close, in_every_dtype, on_every_engine, put
from mistakes import CE, Row, X, Y, check, fit, net, rows

import dnnlib as dnn
from dnnlib import engine

GRAD = np.random.default_rng(3).normal(size=40)
NORM = float(np.linalg.norm(GRAD))
LIMITS = [1e-3, 0.5, 1.0, NORM, 2 * NORM, 1e6]
in_torch: Any = torch.nn.utils


def torch_clip(clip: Callable[..., Any], grad: np.ndarray, limit: float) -> tuple[torch.Tensor, Any]:
    """What torch makes of a gradient that is spread over three parameters, and what it returns."""
    parts = [torch.zeros(n, dtype=torch.tensor(grad).dtype, requires_grad=True) for n in (7, 30, len(grad) - 37)]
    for part, values in zip(parts, torch.split(torch.tensor(grad), [7, 30, len(grad) - 37]), strict=True):
        part.grad = values.clone()
    returned = clip(parts, limit)
    return torch.cat([part.grad for part in parts if part.grad is not None]), returned


@on_every_engine
@pytest.mark.parametrize("limit", LIMITS)
def test_by_norm(limit: float, device: str) -> None:
    grad = put(GRAD, device)
    norm = dnn.clip_grad_norm(grad, limit)
    expected, expected_norm = torch_clip(in_torch.clip_grad_norm_, GRAD, limit)
    assert_close(grad, expected)
    assert_close(norm, expected_norm)
    assert np.linalg.norm(engine.to_numpy(grad)) <= limit
    if limit > NORM + 1e-6:
        np.testing.assert_array_equal(engine.to_numpy(grad), GRAD)


@on_every_engine
@pytest.mark.parametrize("limit", LIMITS)
def test_by_value(limit: float, device: str) -> None:
    grad = put(GRAD, device)
    assert dnn.clip_grad_value(grad, limit) is None
    expected, _ = torch_clip(in_torch.clip_grad_value_, GRAD, limit)
    np.testing.assert_array_equal(engine.to_numpy(grad), expected.numpy())


@on_every_engine
@in_every_dtype
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_entries_that_are_no_numbers(value: float, dtype: str, device: str) -> None:
    """As in torch. By norm, NaN spreads to all, infinity to 0 and NaN; by value, only NaN stays what it is."""
    wrong = GRAD.astype(dtype)
    wrong[11] = value
    by_norm, by_value = put(wrong, device), put(wrong, device)
    with np.errstate(invalid="ignore"):
        norm = float(dnn.clip_grad_norm(by_norm, 1.0))
    dnn.clip_grad_value(by_value, 1.0)
    for found, clip in ((by_norm, in_torch.clip_grad_norm_), (by_value, in_torch.clip_grad_value_)):
        np.testing.assert_array_equal(engine.to_numpy(found), torch_clip(clip, wrong, 1.0)[0].numpy())
    assert math.isnan(norm) if math.isnan(value) else norm == math.inf
    assert math.isnan(by_norm[11])
    assert math.isnan(by_norm[0]) if math.isnan(value) else by_norm[0] == 0
    assert math.isnan(by_value[11]) if math.isnan(value) else by_value[11] == math.copysign(1, value)


@on_every_engine
@in_every_dtype
def test_zeros_and_precision(dtype: str, device: str) -> None:
    zeros, grad = put(np.zeros(40), device, dtype), put(1000 * GRAD, device, dtype)
    assert float(dnn.clip_grad_norm(zeros, 1.0)) == 0.0
    assert not bool(zeros.any())
    norm = dnn.clip_grad_norm(grad, np.float64(2.0))
    dnn.clip_grad_value(grad, np.float64(0.1))
    assert engine.dtype_of(grad) == engine.dtype_of(norm) == dtype
    assert norm.shape == ()
    assert_close(put(np.array(float(norm)), device), np.array(1000 * NORM), 1e-6)


@pytest.mark.parametrize("clip", [dnn.clip_grad_norm, dnn.clip_grad_value])
def test_nothing_of_the_size_of_theta_is_made(clip: Callable[..., Any]) -> None:
    grad = np.ones(1_000_000, np.float32)
    clip(grad, 0.5)
    tracemalloc.start()
    clip(grad, 0.4)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < grad.nbytes / 10


@on_every_engine
@pytest.mark.parametrize(
    ("callback", "clip"),
    [(dnn.ClipGradNorm(0.05), dnn.clip_grad_norm), (dnn.ClipGradValue(0.01), dnn.clip_grad_value)],
    ids=["norm", "value"],
)
def test_fit_clips_every_gradient(callback: dnn.Callback, clip: Callable[..., Any], device: str) -> None:
    """θ is that of a loop which clips after the penalty and before the update; another than without clipping."""
    options: dict[str, Any] = {"dtype": "float64", "device": device}
    clipped, by_hand, free = net(**options), net(**options), net(**options)
    for model, callbacks in ((clipped, [callback]), (free, [])):
        rest: dict[str, Any] = {"penalty": dnn.L2(0.1), "callbacks": callbacks, "batch_size": 5, "epochs": 3}
        model.fit(X, Y, loss=CE(), optimizer=dnn.SGD(lr=0.5), **rest)
    loss, optimizer = CE(), dnn.SGD(lr=0.5)
    for _ in range(3):
        for xb, yb in dnn.batches(put(X, device), put(Y, device), 5, by_hand.rng):
            by_hand.loss_and_grad(xb, yb, loss)
            dnn.L2(0.1).backward(by_hand)
            clip(by_hand.grad, 0.05 if clip is dnn.clip_grad_norm else 0.01)
            optimizer.step(by_hand.theta, by_hand.grad)
    np.testing.assert_array_equal(engine.to_numpy(clipped.theta), engine.to_numpy(by_hand.theta))
    assert abs(engine.to_numpy(clipped.theta) - engine.to_numpy(free.theta)).max() > 0.01


def test_callbacks_after_it_see_what_it_leaves() -> None:
    history = fit(callbacks=[dnn.ClipGradNorm(0.01), dnn.GradientNorms()], batch_size=10)
    norms = [values[0] for name, values in history.items() if name.startswith("grad_norm/")]
    assert math.hypot(*norms) == pytest.approx(0.01, rel=1e-3)


def test_a_gradient_of_nan_stops_fit() -> None:
    """Clipping hides nothing: the next loss is NaN."""

    class Spoil(dnn.Callback):
        def on_gradient(self, run: dnn.Run) -> None:
            run.model.grad[3] = math.inf

    for clip in ([], [dnn.ClipGradNorm(1.0)]):
        with pytest.raises(dnn.DivergenceError, match="nan in epoch 1, step 2"):
            fit(callbacks=[Spoil(), *clip], batch_size=5)


def test_repr() -> None:
    assert repr(dnn.ClipGradNorm(1)) == "ClipGradNorm(max_norm=1)"
    assert repr(dnn.ClipGradValue(0.5)) == "ClipGradValue(clip_value=0.5)"


LIMIT_MISTAKES: list[Row] = [
    (f"{name} {value!r}", lambda make=make, v=value: make(v), ValueError, [name, "positive number", repr(value)])
    for name, make in (
        ("clip_grad_norm: max_norm", lambda v: dnn.clip_grad_norm(np.ones(3), v)),
        ("clip_grad_value: clip_value", lambda v: dnn.clip_grad_value(np.ones(3), v)),
        ("ClipGradNorm: max_norm", dnn.ClipGradNorm),
        ("ClipGradValue: clip_value", dnn.ClipGradValue),
    )
    for value in (0, -1.0, math.nan, math.inf, "1", None, True)
]
GRAD_MISTAKES: list[Row] = [
    (
        f"{clip.__name__} {words[0]}",
        lambda clip=clip, grad=grad: clip(grad, 1.0),
        ValueError,
        [f"{clip.__name__}: grad must be a flat vector such as model.grad", *words],
    )
    for clip in (dnn.clip_grad_norm, dnn.clip_grad_value)
    for grad, words in (
        ([1.0, 2.0], ["list [1.0, 2.0]"]),
        (np.ones((2, 3)), ["(2, 3)"]),
        (np.ones(3, int), ["int64"]),
        (torch.ones(2, 3), ["Tensor", "(2, 3)"]),
    )
]


@rows(LIMIT_MISTAKES + GRAD_MISTAKES)
def test_mistakes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
