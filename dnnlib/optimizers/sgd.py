"""Gradient descent, with and without momentum. Lectures A24, A27, A28, C20."""

from __future__ import annotations

from dnnlib import engine
from dnnlib.checks import FRACTION
from dnnlib.engine import Array
from dnnlib.optimizers.base import Optimizer


class SGD(Optimizer):
    """Gradient descent, with momentum if asked for.

        θ ← θ − η g                                       momentum = 0
        v ← μ v + g,   θ ← θ − η v                        momentum = μ
        v ← μ v + g,   θ ← θ − η (g + μ v)                momentum = μ, nesterov=True

    g = ∇L(θ) of the batch, η = `lr`; v, the velocity, starts at 0. Momentum adds up the gradients of the past, each
    weighted by a power of μ: where they agree the steps grow, where they alternate they cancel. Nesterov's momentum
    looks ahead: it adds the step that v will take next, μ v, to the gradient.

    The lecture writes v ← λ v − η g, θ ← θ + v: the same path at a constant rate, with its v equal to −η times this
    one. Raises ValueError for a momentum outside [0, 1), and for nesterov=True without momentum.
    Source: Polyak (1964); Nesterov (1983), in the form of Sutskever et al. (2013); lectures A24, A27, A28, C20;
    torch.optim.SGD.
    """

    def __init__(self, lr: float = 1e-3, momentum: float = 0.0, nesterov: bool = False) -> None:
        super().__init__(lr)
        self.momentum = self._checked("momentum", momentum, FRACTION)
        if not isinstance(nesterov, bool):
            raise ValueError(f"SGD: nesterov must be True or False, got {nesterov!r}")
        if nesterov and not momentum:
            raise ValueError(f"SGD: nesterov=True needs a momentum, such as momentum=0.9, got momentum={momentum!r}")
        self.nesterov = nesterov
        self.memory = ("velocity",) if momentum else ()

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        if not self.momentum:
            engine.add_scaled(theta, -self.lr, grad)
            return
        (velocity,) = memory
        velocity *= self.momentum
        velocity += grad
        if self.nesterov:
            engine.add_scaled(theta, -self.lr, grad)
            engine.add_scaled(theta, -self.lr * self.momentum, velocity)
        else:
            engine.add_scaled(theta, -self.lr, velocity)
