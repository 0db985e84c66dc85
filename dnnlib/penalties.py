"""Regularization: a price on large weights, added to the loss so that training keeps them small. Lectures E14, E15.

    value = model.loss_and_grad(xb, yb, loss)
    penalty.backward(model)                       # ∇L(θ) of the loss alone becomes that of loss + penalty
    optimizer.step(model.theta, model.grad)

Biases are left alone, and so is every other parameter with a single axis (BatchNorm's γ and β, PReLU's slope): they
are few, and do not make a function steep in its inputs the way that large weights do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dnnlib import engine
from dnnlib.checks import NOT_NEGATIVE, check_real
from dnnlib.engine import Array

if TYPE_CHECKING:
    from dnnlib.model import Sequential


class Penalty:
    """The base of penalties. `rate` is λ, the price; ValueError unless it is a finite number of at least 0."""

    def __init__(self, rate: float) -> None:
        self.rate = float(check_real(f"{type(self).__name__}: rate (λ)", rate, NOT_NEGATIVE))

    def forward(self, model: Sequential) -> Array:
        """The penalty of all weights of `model`, one number (a 0-d array of its engine)."""
        theta = model.theta
        total = engine.namespace(theta).zeros((), dtype=theta.dtype, device=theta.device)
        for weight, _ in weights(model):
            total = total + self.value(weight)
        return total

    def backward(self, model: Sequential) -> None:
        """Add the penalty's gradient to `model.grad`, in place."""
        for weight, grad_weight in weights(model):
            grad_weight += self.derivative(weight)

    def value(self, weight: Array) -> Array:
        """The penalty of one layer's weights."""
        raise NotImplementedError(f"{type(self).__name__} does not define value")

    def derivative(self, weight: Array) -> Array:
        """Its derivative by each weight, in their shape."""
        raise NotImplementedError(f"{type(self).__name__} does not define derivative")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(rate={self.rate})"


class L2(Penalty):
    """L2 penalty: (λ/2) Σ w². Its gradient λ w shrinks each weight by a fixed fraction a step: weight decay.

    With SGD, θ ← θ − η (g + λ w): w is multiplied by (1 − η λ). Source: lecture E14 (which writes λ/2n, n = the size
    of the training set: its λ is n times this one), A35.
    """

    def value(self, weight: Array) -> Array:
        return (self.rate / 2) * engine.namespace(weight).sum(weight * weight)

    def derivative(self, weight: Array) -> Array:
        return self.rate * weight


class L1(Penalty):
    """L1 penalty: λ Σ |w|. Its gradient λ sign(w) moves each weight by the same amount towards 0: many end up there.

    At w = 0, where |w| has no derivative, 0. Source: lecture E15 (which writes λ/n), A35.
    """

    def value(self, weight: Array) -> Array:
        xp = engine.namespace(weight)
        return self.rate * xp.sum(xp.abs(weight))

    def derivative(self, weight: Array) -> Array:
        return self.rate * engine.namespace(weight).sign(weight)


def weights(model: Sequential) -> list[tuple[Array, Array]]:
    """Every weight of `model` with its gradient: the parameters with at least two axes, as views into θ and ∇L(θ)."""
    return [
        (getattr(layer, name), getattr(layer, f"grad_{name}"))
        for _, layer in model.named_layers()
        for name, shape in layer.shapes().items()
        if len(shape) >= 2
    ]
