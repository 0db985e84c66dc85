"""How θ moves: each optimizer is a few lines of vector arithmetic on the whole of θ, with no loop over layers.

Lectures A24, A28, C21. Names, arguments and results are those of `torch.optim`.
"""

from __future__ import annotations

import math
import numbers
from typing import Any

from dnnlib import engine
from dnnlib.engine import Array


class Optimizer:
    """The base of all optimizers. A subclass names its memory in `memory` and writes `update`.

    `step(theta, grad)` changes θ in place. The memory (one vector like θ for every name) starts at zero with the first
    step; `t` counts the steps. On a CPU `step` hands θ to `update` in slices that stay in the cache.

    Raises ValueError for a learning rate that is not positive and finite, and where θ, its gradient and the memory
    do not belong together.
    """

    memory: tuple[str, ...] = ()

    def __init__(self, lr: float) -> None:
        self.lr = _real(lr)
        if not 0 < self.lr < math.inf:
            raise ValueError(f"{type(self).__name__}: lr (the learning rate) must be a positive number, got {lr!r}")
        self.t = 0
        self.state: dict[str, Array] = {}

    def step(self, theta: Array, grad: Array) -> None:
        """One update of θ from ∇L(θ): two flat vectors of one engine, shape and dtype."""
        alike = type(theta) is type(grad) and engine.is_array(theta)
        if not (alike and theta.shape == grad.shape and theta.dtype == grad.dtype):
            raise ValueError(
                f"{type(self).__name__}: theta is {engine.describe(theta)}, but its gradient {engine.describe(grad)}"
            )
        if self.t == 0:
            self.state = {name: engine.namespace(theta).zeros_like(theta) for name in self.memory}
        for vector in self.state.values():
            same = vector.shape == theta.shape and engine.dtype_of(vector) == engine.dtype_of(theta)
            if not same or engine.device_of(vector) != engine.device_of(theta):
                raise ValueError(
                    f"{type(self).__name__} remembers {engine.describe(vector)} on {engine.device_of(vector)}, but "
                    f"theta is {engine.describe(theta)} on {engine.device_of(theta)}: a new network, or a network "
                    f"that moved to another device, needs a new optimizer"
                )
        self.t += 1
        for part in engine.blocks(theta):
            self.update(theta[part], grad[part], *(vector[part] for vector in self.state.values()))

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        """The equation, in place, for a slice of θ with its gradient and its memory."""
        raise NotImplementedError(f"{type(self).__name__} does not define update")


def _real(value: Any) -> float:
    """`value` as Python's number (products of NumPy's float64 with float32 would be float64), NaN if it is none."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return math.nan
    return value if isinstance(value, int) else float(value)


def _check_fraction(optimizer: Optimizer, name: str, value: float) -> float:
    number = _real(value)
    if not 0 <= number < 1:
        raise ValueError(f"{type(optimizer).__name__}: {name} must lie in [0, 1), got {value!r}")
    return number


class SGD(Optimizer):
    """Gradient descent, with momentum if asked for.

        θ ← θ − η g                                       momentum = 0
        v ← μ v + g,   θ ← θ − η v                        momentum = μ

    g = ∇L(θ) of the batch, η = `lr`. The lecture writes v ← λ v − η g, θ ← θ + v: the same path at a constant rate,
    with its v equal to −η times this one. Raises ValueError for a momentum outside [0, 1).
    Source: lectures A24, A27, A28; torch.optim.SGD.
    """

    def __init__(self, lr: float = 1e-3, momentum: float = 0.0) -> None:
        super().__init__(lr)
        self.momentum = _check_fraction(self, "momentum", momentum)
        self.memory = ("velocity",) if momentum else ()

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        if self.momentum:
            (velocity,) = memory
            velocity *= self.momentum
            velocity += grad
            grad = velocity
        theta -= self.lr * grad

    def __repr__(self) -> str:
        return f"SGD(lr={self.lr}{f', momentum={self.momentum}' if self.momentum else ''})"


class Adam(Optimizer):
    """Adam: a step of about η for every parameter, whatever the size of its gradient.

        m ← β₁ m + (1 − β₁) g              mean of the gradients
        s ← β₂ s + (1 − β₂) g²             mean of their squares
        θ ← θ − η · m̂ / (√ŝ + ε),          m̂ = m / (1 − β₁ᵗ),  ŝ = s / (1 − β₂ᵗ)

    The corrections m̂ and ŝ make up for m and s starting at zero. `betas` = (β₁, β₂), `eps` = ε, `lr` = η.
    Raises ValueError for a β outside [0, 1) or an ε that is not positive.
    Source: Kingma & Ba (2015), algorithm 1; lecture C21; torch.optim.Adam.
    """

    memory = ("mean", "square")

    def __init__(self, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8) -> None:
        super().__init__(lr)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise ValueError(f"Adam: betas must be two numbers such as (0.9, 0.999), got {betas!r}")
        beta1, beta2 = betas
        self.betas = (_check_fraction(self, "betas[0]", beta1), _check_fraction(self, "betas[1]", beta2))
        self.eps = _real(eps)
        if not 0 < self.eps < math.inf:
            raise ValueError(f"Adam: eps must be a positive number, got {eps!r}")

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        mean, square = memory
        beta1, beta2 = self.betas
        mean *= beta1
        mean += (1 - beta1) * grad
        square *= beta2
        square += (1 - beta2) * grad * grad
        step = engine.namespace(theta).sqrt(square)
        step /= math.sqrt(1 - beta2**self.t)
        step += self.eps
        theta -= (self.lr / (1 - beta1**self.t)) * mean / step

    def __repr__(self) -> str:
        return f"Adam(lr={self.lr}, betas={self.betas}, eps={self.eps})"
