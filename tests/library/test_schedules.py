"""Schedules of the learning rate: torch's rates over 60 epochs, and what `fit` makes of them."""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from mistakes import CE, Row, X, Y, check, fit, net, rows
from torch.optim import lr_scheduler

import dnnlib as dnn

EPOCHS = 60
LR = 0.7


@dataclass(frozen=True)
class ScheduleCase:
    """A schedule and its torch counterpart."""

    name: str
    make: Callable[..., dnn.Schedule]
    torch: Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]


def _warmup(optimizer: torch.optim.Optimizer, epochs: int, start: float, after: Any) -> lr_scheduler.LRScheduler:
    rise = lr_scheduler.LinearLR(optimizer, start_factor=start, total_iters=epochs)
    return lr_scheduler.SequentialLR(optimizer, [rise, after(optimizer)], milestones=[epochs])


CASES = [
    ScheduleCase("inverse-sqrt", dnn.InverseSqrt, lambda o: lr_scheduler.LambdaLR(o, lambda t: 1 / math.sqrt(t + 1))),
    ScheduleCase("step", lambda **per: dnn.StepLR(10, **per), lambda o: lr_scheduler.StepLR(o, 10)),
    ScheduleCase(
        "step-gamma", lambda **per: dnn.StepLR(7, gamma=0.5, **per), lambda o: lr_scheduler.StepLR(o, 7, gamma=0.5)
    ),
    ScheduleCase(
        "exponential", lambda **per: dnn.ExponentialLR(0.9, **per), lambda o: lr_scheduler.ExponentialLR(o, 0.9)
    ),
    ScheduleCase(
        "cosine", lambda **per: dnn.CosineAnnealingLR(60, **per), lambda o: lr_scheduler.CosineAnnealingLR(o, 60)
    ),
    ScheduleCase(
        "cosine-short",
        lambda **per: dnn.CosineAnnealingLR(25, final_factor=0.1, **per),
        lambda o: lr_scheduler.CosineAnnealingLR(o, 25, eta_min=0.1 * LR),
    ),
    ScheduleCase("linear", lambda **per: dnn.LinearLR(**per), lr_scheduler.LinearLR),
    ScheduleCase(
        "linear-down",
        lambda **per: dnn.LinearLR(1.0, 0.0, total_iters=50, **per),
        lambda o: lr_scheduler.LinearLR(o, 1.0, 0.0, total_iters=50),
    ),
    ScheduleCase(
        "warmup",
        lambda **per: dnn.Warmup(8, start_factor=0.2, **per),
        lambda o: lr_scheduler.LinearLR(o, 0.2, total_iters=8),
    ),
    ScheduleCase(
        "warmup-cosine",
        lambda **per: dnn.Warmup(5, after=dnn.CosineAnnealingLR(55, **per), **per),
        lambda o: _warmup(o, 5, 1 / 3, lambda o: lr_scheduler.CosineAnnealingLR(o, 55)),
    ),
    ScheduleCase(
        "warmup-linear",
        lambda **per: dnn.Warmup(4, after=dnn.LinearLR(0.5, 0.1, total_iters=20, **per), **per),
        lambda o: _warmup(o, 4, 1 / 3, lambda o: lr_scheduler.LinearLR(o, 0.5, 0.1, total_iters=20)),
    ),
    ScheduleCase(
        "warmup-step",
        lambda **per: dnn.Warmup(12, after=dnn.StepLR(10, **per), start_factor=0.05, **per),
        lambda o: _warmup(o, 12, 0.05, lambda o: lr_scheduler.StepLR(o, 10)),
    ),
]
each_schedule = pytest.mark.parametrize("schedule", CASES, ids=[case.name for case in CASES])


def torch_rates(schedule: ScheduleCase) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    theirs = schedule.torch(optimizer)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        theirs.step()
    return rates


@each_schedule
@pytest.mark.filterwarnings("ignore:The epoch parameter in `scheduler.step:UserWarning")  # torch, of its own call
def test_rates(schedule: ScheduleCase) -> None:
    """Within 1e-12 of torch, which multiplies from epoch to epoch; and from t alone, in whatever order."""
    ours, expected = schedule.make(), torch_rates(schedule)
    np.testing.assert_allclose([LR * ours(t) for t in range(EPOCHS)], expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose([LR * ours(t) for t in range(EPOCHS)][::-1], expected[::-1], rtol=1e-12, atol=1e-12)
    assert all(type(ours(t)) is float for t in range(EPOCHS))


def test_rates_of_the_lectures() -> None:
    """Lectures A25, C18: η / √(t + 1)."""
    assert [dnn.InverseSqrt()(t) for t in (0, 3, 99)] == pytest.approx([1, 1 / 2, 1 / 10], rel=1e-15)


@each_schedule
def test_every_schedule_counts_epochs_or_steps(schedule: ScheduleCase) -> None:
    by_epoch, by_step = schedule.make(), schedule.make(per="step")
    for epoch, step in ((0, 0), (1, 10), (3, 44), (20, 59)):
        assert by_epoch.at(epoch, step) == by_epoch(epoch)
        assert by_step.at(epoch, step) == by_step(step)


@each_schedule
def test_repr_makes_the_schedule_again(schedule: ScheduleCase) -> None:
    for ours in (schedule.make(), schedule.make(per="step")):
        again: Any = eval(repr(ours), vars(dnn))
        assert repr(again) == repr(ours)
        assert [again.at(t, 2 * t) for t in range(EPOCHS)] == [ours.at(t, 2 * t) for t in range(EPOCHS)]


def test_every_schedule_of_the_library_is_tested() -> None:
    public = {thing for thing in vars(dnn).values() if inspect.isclass(thing) and issubclass(thing, dnn.Schedule)}
    assert public == {dnn.Schedule, *(type(case.make()) for case in CASES)}


def by_hand(rates: list[float], **options: Any) -> np.ndarray:
    """θ after epochs of two batches whose updates have those rates."""
    model = net(**options)
    loss, optimizer = CE(), dnn.SGD(lr=1.0, momentum=0.9)
    for epoch in range(len(rates) // 2):
        for k, (xb, yb) in enumerate(dnn.batches(X, Y, 5, model.rng)):
            optimizer.lr = rates[2 * epoch + k]
            model.loss_and_grad(xb, yb, loss)
            optimizer.step(model.theta, model.grad)
    return model.theta


@each_schedule
@pytest.mark.parametrize("per", ["epoch", "step"])
def test_fit_trains_at_the_rates(schedule: ScheduleCase, per: str) -> None:
    """θ is that of a loop with these rates; the history has the rate of each epoch's last step."""
    model, optimizer, ours = net(dtype="float64"), dnn.SGD(lr=0.2, momentum=0.9), schedule.make(per=per)
    history = model.fit(X, Y, loss=CE(), optimizer=optimizer, batch_size=5, epochs=6, schedule=ours)
    rates = [0.2 * ours(step if per == "step" else step // 2) for step in range(12)]
    assert history["lr"] == rates[1::2]
    assert optimizer.lr == 0.2, "the optimizer has its own rate again"
    np.testing.assert_array_equal(model.theta, by_hand(rates, dtype="float64"))


def test_the_rate_is_back_after_an_error() -> None:
    class Broken(dnn.Schedule):
        def __call__(self, t: int) -> float:
            return 0.5 if t < 2 else 1 / 0

    optimizer = dnn.SGD(lr=0.2)
    with pytest.raises(ZeroDivisionError):
        fit(optimizer=optimizer, schedule=Broken(), epochs=5)
    assert optimizer.lr == 0.2


MISTAKES: list[Row] = [
    *(
        (f"{name} {value!r}", lambda make=make, v=value: make(v), ValueError, [name, "at least 1", repr(value)])
        for name, make in (
            ("StepLR: step_size", dnn.StepLR),
            ("CosineAnnealingLR: T_max", dnn.CosineAnnealingLR),
            ("LinearLR: total_iters", lambda v: dnn.LinearLR(total_iters=v)),
            ("Warmup: total_iters", dnn.Warmup),
        )
        for value in (0, -1, 2.5, 10.0, "10", None, True)
    ),
    *(
        (f"{name} {value!r}", lambda make=make, v=value: make(v), ValueError, [name, "positive", repr(value)])
        for name, make in (
            ("StepLR: gamma", lambda v: dnn.StepLR(10, v)),
            ("ExponentialLR: gamma", dnn.ExponentialLR),
        )
        for value in (0, -0.1, math.nan, math.inf, "0.9", None, True)
    ),
    *(
        (f"{name} {value!r}", lambda make=make, v=value: make(v), ValueError, [name, "at least 0", repr(value)])
        for name, make in (
            ("CosineAnnealingLR: final_factor", lambda v: dnn.CosineAnnealingLR(10, v)),
            ("LinearLR: start_factor", dnn.LinearLR),
            ("LinearLR: end_factor", lambda v: dnn.LinearLR(1.0, v)),
        )
        for value in (-0.1, math.nan, math.inf, "0.9", None, True)
    ),
    *(
        (f"warm-up from {v!r}", lambda v=v: dnn.Warmup(5, start_factor=v), ValueError, ["start_factor", repr(v)])
        for v in (1, 1.0, -0.1, math.nan, "0.1", None)
    ),
    *(
        (f"per {per!r}", lambda per=per: dnn.InverseSqrt(per), ValueError, ["InverseSqrt: per", repr(per)])
        for per in ("batch", "epochs", None, 1)
    ),
    ("after a class", lambda: dnn.Warmup(5, after=dnn.InverseSqrt), TypeError, ["after must be a schedule", "class"]),
    ("after a number", lambda: dnn.Warmup(5, 0.1), TypeError, ["after must be a schedule such as", "0.1"]),
    (
        "after other time",
        lambda: dnn.Warmup(500, after=dnn.CosineAnnealingLR(45), per="step"),
        ValueError,
        ["per='step'", "per='epoch'", "both the same"],
    ),
    ("nothing defined", lambda: dnn.Schedule()(0), NotImplementedError, ["Schedule does not define __call__"]),
    ("torch's", lambda: fit(schedule=lr_scheduler.StepLR), TypeError, ["schedule must be", "dnnlib.StepLR(10)"]),
    ("a class", lambda: fit(schedule=dnn.InverseSqrt), TypeError, ["schedule must be a schedule such as", "class"]),
]


@rows(MISTAKES)
def test_mistakes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
