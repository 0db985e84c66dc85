"""What every optimizer has: its options, its memory, and `step`."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Mapping
from typing import Any

from dnnlib import engine
from dnnlib.checks import NOT_NEGATIVE, POSITIVE, Rule, check_count, check_real
from dnnlib.engine import Array


class Optimizer:
    """The base of all optimizers. A subclass names its memory in `memory` and writes `update`.

    `step(theta, grad)` changes θ in place. The memory (in `state`, one vector like θ for every name) starts at zero
    with the first step; `t` counts the steps. On a CPU `step` hands θ to `update` in slices that stay in the cache.

    `numbers` names the attributes that `update` reads and that change from step to step: the rate, and what `advance`
    makes of the counters. A compiled step (`fit(compile=True)`) is traced once; there they are 0-d tensors.

    Raises ValueError for a learning rate that is not positive and finite, and where θ, its gradient and the memory
    do not belong together.
    """

    memory: tuple[str, ...] = ()  # names of vectors like θ
    counters: tuple[str, ...] = ("t",)  # names of attributes that are carried from step to step
    numbers: tuple[str, ...] = ("lr",)  # names of attributes that `update` reads, other ones in every step

    def __init__(self, lr: float) -> None:
        self.lr = self._checked("lr (the learning rate)", lr, POSITIVE)
        self.t = 0
        self.state: dict[str, Array] = {}
        self._theta: weakref.ref[Array] | None = None  # what was last moved, None before the first step

    def step(self, theta: Array, grad: Array) -> None:
        """One update of θ from ∇L(θ): two flat vectors of one engine, shape and dtype."""
        alike = type(theta) is type(grad) and engine.is_array(theta)
        if not (alike and theta.shape == grad.shape and theta.dtype == grad.dtype):
            raise ValueError(
                f"{type(self).__name__}: theta is {engine.describe(theta)}, but its gradient {engine.describe(grad)}"
            )
        self.take_up(theta)
        self.advance()
        vectors = theta, grad, *self.state.values()
        for part in engine.blocks(theta):
            self.update(*(vector[part] for vector in vectors))

    def advance(self) -> None:
        """What changes once a step, before the update: `t` counts on, and `numbers` follow."""
        self.t += 1

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        """The equation, in place, for a slice of θ with its gradient and its memory."""
        raise NotImplementedError(f"{type(self).__name__} does not define update")

    def take_up(self, theta: Array) -> None:
        """Make the memory for a first θ; for another one, see that the memory fits, or raise ValueError."""
        if self._theta is not None and self._theta() is theta:
            return
        if self.t == 0:
            self.state = {name: engine.namespace(theta).zeros_like(theta) for name in self.memory}
        elif self._theta is None:  # the memory was loaded: it goes where θ is
            self.state = {name: engine.to_device(v, engine.device_of(theta)) for name, v in self.state.items()}
        for vector in self.state.values():
            same = vector.shape == theta.shape and engine.dtype_of(vector) == engine.dtype_of(theta)
            if not same or engine.device_of(vector) != engine.device_of(theta):
                raise ValueError(
                    f"{type(self).__name__} remembers {engine.describe(vector)} on {engine.device_of(vector)}, but "
                    f"theta is {engine.describe(theta)} on {engine.device_of(theta)}: a new network, or a network "
                    f"that moved to another device, needs a new optimizer"
                )
        self._theta = weakref.ref(theta)

    def check_network(self, theta: Array) -> None:
        """ValueError if what is remembered belongs to another θ, even one of the same size. `fit` asks this first."""
        if self.memory and self._theta is not None and self._theta() is not theta:
            raise ValueError(
                f"{self} remembers {self.t} steps of another network, or of this one before it moved to another "
                f"device: each network needs a new optimizer"
            )

    def state_dict(self) -> dict[str, Any]:
        """All that the next steps depend on, beside the options: `t`, `lr` and the memory, by name.

        Numbers are Python's and vectors are NumPy's, on every device; they are copies.
        """
        memory = {name: engine.to_numpy(vector).copy() for name, vector in self.state.items()}
        return {name: getattr(self, name) for name in (*self.counters, "lr")} | memory

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave, for an optimizer of the same options: the steps go on as they would have.

        The memory follows θ to its device with the next step. Raises TypeError for what is no such mapping,
        ValueError for names, numbers or vectors that are not those of this optimizer.
        """
        what = f"{type(self).__name__}.load_state_dict"
        if not isinstance(state, Mapping):
            raise TypeError(f"{what}: expected what state_dict() of such an optimizer gives, got {state!r}")
        steps = state.get("t")
        counters = (*self.counters, "lr")
        expected = {*counters, *(self.memory if steps else ())}
        if set(state) != expected:
            raise ValueError(
                f"{what}: this is not the state of such an optimizer: it holds {_listed(state)}, but {self} after "
                f"{steps} steps has {_listed(expected)}"
            )
        read = {name: check_real(f"{what}: {name}", state[name], NOT_NEGATIVE) for name in counters}
        check_count(f"{what}: t", steps, least=0)
        memory = {name: state[name] for name in self.memory} if steps else {}
        found = " and ".join(map(engine.describe, memory.values()))
        flat = all(engine.is_array(v) and v.ndim == 1 and engine.dtype_of(v) in engine.DTYPES for v in memory.values())
        if not flat or len({(v.shape, engine.dtype_of(v)) for v in memory.values()}) > 1:
            raise ValueError(
                f"{what}: {' and '.join(memory)} must be flat vectors of floats, as long as θ, got {found}"
            )
        for name, number in read.items():
            setattr(self, name, number)
        self.state = {name: engine.to_numpy(vector).copy() for name, vector in memory.items()}
        self._theta = None

    def _checked(self, name: str, value: Any, rule: Rule) -> float:
        return check_real(f"{type(self).__name__}: {name}", value, rule)

    def options(self) -> dict[str, Any]:
        """The constructor's arguments that give this optimizer again, without its memory."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_theta": None}  # a copy goes on with a copy of θ

    def __repr__(self) -> str:
        defaults = {name: parameter.default for name, parameter in inspect.signature(type(self)).parameters.items()}
        shown = [f"{n}={value!r}" for n, value in self.options().items() if n == "lr" or value != defaults[n]]
        return f"{type(self).__name__}({', '.join(shown)})"


def _listed(names: Any) -> str:
    return ", ".join(sorted(map(str, names))) or "nothing"
