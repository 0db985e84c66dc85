"""How the learning rate changes while training goes on: a schedule gives the factor that multiplies it.

    model.fit(x, y, ..., optimizer=dnn.Adam(lr=1e-3), schedule=dnn.Warmup(5, after=dnn.CosineAnnealingLR(45)))

In the equations t counts epochs from 0, or steps with `per="step"`. Names are those of `torch.optim.lr_scheduler`
where torch has the thing; a factor times the optimizer's `lr` is torch's rate. Lectures A25, C18.
"""

from __future__ import annotations

import inspect
import math
from typing import Any

from dnnlib.checks import FRACTION, NOT_NEGATIVE, POSITIVE, Rule, check_count, check_real


class Schedule:
    """The base of schedules: `schedule(t)` is the factor after t epochs, or after t steps with `per="step"`; t from 0.

    A schedule keeps no memory: the factor depends on t alone, so a training that resumes goes on at the same rate.
    Raises ValueError for a `per` that is neither "epoch" nor "step".
    """

    def __init__(self, per: str = "epoch") -> None:
        if per not in ("epoch", "step"):
            raise ValueError(f'{type(self).__name__}: per must be "epoch" or "step", got {per!r}')
        self.per = per

    def __call__(self, t: int) -> float:
        """The factor at time t."""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__")

    def at(self, epoch: int, step: int) -> float:
        """The factor after `epoch` whole epochs and `step` updates."""
        return self(epoch if self.per == "epoch" else step)

    def _count(self, name: str, value: Any) -> int:
        return check_count(f"{type(self).__name__}: {name}", value)

    def _real(self, name: str, value: Any, rule: Rule) -> float:
        return check_real(f"{type(self).__name__}: {name}", value, rule)

    def __repr__(self) -> str:
        names = inspect.signature(type(self)).parameters
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


class InverseSqrt(Schedule):
    """The lectures' decay η / √(t + 1): the factor is 1 / √(t + 1).

    The slides call it 1/t decay; it falls more slowly, to a half after 3 epochs and a tenth after 99. torch writes it
    `LambdaLR(optimizer, lambda t: (t + 1) ** -0.5)`. Source: lectures A25, C18.
    """

    def __call__(self, t: int) -> float:
        return 1 / math.sqrt(t + 1)


class StepLR(Schedule):
    """The factor falls by `gamma` = γ every `step_size` = n epochs: γ^⌊t / n⌋.

    Raises ValueError unless n is an integer of at least 1 and γ is positive.
    Source: lectures A25, C18 ("every few epochs"); torch's `StepLR`.
    """

    def __init__(self, step_size: int, gamma: float = 0.1, per: str = "epoch") -> None:
        super().__init__(per)
        self.step_size = self._count("step_size", step_size)
        self.gamma = self._real("gamma", gamma, POSITIVE)

    def __call__(self, t: int) -> float:
        return float(self.gamma ** (t // self.step_size))


class ExponentialLR(Schedule):
    """The factor falls by `gamma` = γ every epoch: γᵗ.

    Raises ValueError unless γ is positive. Source: torch's `ExponentialLR`; the decay of lectures A25, C18.
    """

    def __init__(self, gamma: float, per: str = "epoch") -> None:
        super().__init__(per)
        self.gamma = self._real("gamma", gamma, POSITIVE)

    def __call__(self, t: int) -> float:
        return float(self.gamma**t)


class CosineAnnealingLR(Schedule):
    """The factor falls from 1 to `final_factor` = f in `T_max` = T epochs, along half a wave of the cosine.

        f + (1 − f) (1 + cos(π t / T)) / 2

    It falls slowly at first and at last. After T epochs it rises again, as in torch, so T is the number of epochs to
    train. torch's `eta_min` is a rate: f = eta_min / lr.

    Raises ValueError unless T is an integer of at least 1 and f is finite and not negative.
    Source: Loshchilov & Hutter (2017), equation 5, without restarts; torch's `CosineAnnealingLR`.
    """

    def __init__(self, T_max: int, final_factor: float = 0.0, per: str = "epoch") -> None:
        super().__init__(per)
        self.T_max = self._count("T_max", T_max)
        self.final_factor = self._real("final_factor", final_factor, NOT_NEGATIVE)

    def __call__(self, t: int) -> float:
        return self.final_factor + (1 - self.final_factor) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class LinearLR(Schedule):
    """The factor goes from `start_factor` = a to `end_factor` = b in `total_iters` = n epochs, and stays there.

        a + (b − a) min(t / n, 1)

    Raises ValueError unless n is an integer of at least 1 and both factors are finite and not negative.
    Source: torch's `LinearLR`. For dropout that fades, `AnnealedDropout(LinearLR(1.0, 0.0, total_iters=n))`.
    """

    def __init__(
        self, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5, per: str = "epoch"
    ) -> None:
        super().__init__(per)
        self.start_factor = self._real("start_factor", start_factor, NOT_NEGATIVE)
        self.end_factor = self._real("end_factor", end_factor, NOT_NEGATIVE)
        self.total_iters = self._count("total_iters", total_iters)

    def __call__(self, t: int) -> float:
        return self.start_factor + (self.end_factor - self.start_factor) * min(t / self.total_iters, 1)


class Warmup(Schedule):
    """Small steps first: the factor rises in a line from `start_factor` = a to 1 in `total_iters` = n epochs.

        a + (1 − a) t / n          t < n
        after(t − n)               t ≥ n, or 1 without `after`

    `after` is the schedule that follows; it counts epochs or steps as this one does. With a large rate the first
    steps, from weights that know nothing yet, may throw the training off.

    Raises ValueError unless n is an integer of at least 1 and 0 ≤ a < 1, and if `after` counts otherwise; TypeError
    if `after` is no schedule.
    Source: Goyal et al. (2017), section 2.2; torch's `SequentialLR([LinearLR(...), ...], milestones=[n])`.
    """

    def __init__(
        self, total_iters: int, after: Schedule | None = None, start_factor: float = 1 / 3, per: str = "epoch"
    ) -> None:
        super().__init__(per)
        if not isinstance(after, Schedule | None):
            raise TypeError(f"Warmup: after must be a schedule such as dnnlib.CosineAnnealingLR(45), got {after!r}")
        if after is not None and after.per != per:
            raise ValueError(f"Warmup counts per={per!r}, but after per={after.per!r}: give both the same per")
        self.total_iters = self._count("total_iters", total_iters)
        self.after = after
        self.start_factor = self._real("start_factor", start_factor, FRACTION)

    def __call__(self, t: int) -> float:
        if t < self.total_iters:
            return self.start_factor + (1 - self.start_factor) * t / self.total_iters
        return 1.0 if self.after is None else self.after(t - self.total_iters)
