"""Optimizers that give every parameter a rate of its own, from the sizes of its past gradients.

Lectures A26, B11, C18, C19, C21. In the equations g = ∇L(θ) of the batch, η = `lr`, ε = `eps`; all operations go
element by element, and what is remembered starts at 0. In the code `engine.add_product(y, a, x1, x2)` is
y ← y + a x₁ x₂, `add_scaled` and `add_quotient` are the like of it.
"""

from __future__ import annotations

import math

from dnnlib import engine
from dnnlib.checks import FRACTION, NOT_NEGATIVE, POSITIVE
from dnnlib.engine import Array
from dnnlib.optimizers.base import Optimizer


class Adagrad(Optimizer):
    """Adagrad: each parameter's rate is η divided by the root of the sum of its squared gradients so far.

        G ← G + g²
        θ ← θ − η g / (√G + ε)

    To gradient descent it adds one rate for each parameter: large where its gradients have been small, small where
    they have been large. Rates only ever fall. It is the lecture's η^t / σ^t with η^t = η / √(t + 1) and σ^t the root
    mean square of the gradients g⁰ … g^t: the two √(t + 1) cancel. ε keeps the quotient defined where G = 0.

    Raises ValueError for an ε that is not positive.
    Source: Duchi, Hazan & Singer (2011); lectures A26, B11, C18; torch.optim.Adagrad.
    """

    memory = ("square_sum",)

    def __init__(self, lr: float = 1e-2, eps: float = 1e-10) -> None:
        super().__init__(lr)
        self.eps = self._checked("eps", eps, POSITIVE)

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        (square_sum,) = memory
        engine.add_product(square_sum, 1, grad, grad)
        root = engine.square_root(square_sum)
        root += self.eps
        engine.add_quotient(theta, -self.lr, grad, root)


class RMSprop(Optimizer):
    """RMSprop: each parameter's rate is η divided by the root of a running mean of its squared gradients.

        s ← α s + (1 − α) g²
        θ ← θ − η g / (√s + ε)

    To Adagrad it adds forgetting: the mean s, unlike the sum G, follows the gradients of about the last 1 / (1 − α)
    steps, so that rates can rise again. `alpha` = α.

    Raises ValueError for an α outside [0, 1) or an ε that is not positive.
    Source: Tieleman & Hinton (2012), lecture 6.5 of their course; lectures B11, C19; torch.optim.RMSprop.
    """

    memory = ("square",)

    def __init__(self, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(lr)
        self.alpha = self._checked("alpha", alpha, FRACTION)
        self.eps = self._checked("eps", eps, POSITIVE)

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        (square,) = memory
        square *= self.alpha
        engine.add_product(square, 1 - self.alpha, grad, grad)
        root = engine.square_root(square)
        root += self.eps
        engine.add_quotient(theta, -self.lr, grad, root)


class Adadelta(Optimizer):
    """Adadelta: RMSprop whose η is replaced by the size of the parameter's own past steps.

        s ← ρ s + (1 − ρ) g²
        Δ = √(u + ε) / √(s + ε) · g
        u ← ρ u + (1 − ρ) Δ²
        θ ← θ − η Δ

    s is the running mean of the squared gradients, u that of the squared steps Δ; `rho` = ρ. Δ has the unit of θ,
    whatever the unit of the loss, so that η = 1 serves: there is no rate to tune. ε starts the first steps, as u = 0.

    Raises ValueError for a ρ outside [0, 1) or an ε that is not positive.
    Source: Zeiler (2012), algorithm 1; lectures B11, C19; torch.optim.Adadelta.
    """

    memory = ("square", "square_step")

    def __init__(self, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6) -> None:
        super().__init__(lr)
        self.rho = self._checked("rho", rho, FRACTION)
        self.eps = self._checked("eps", eps, POSITIVE)

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        square, square_step = memory
        square *= self.rho
        engine.add_product(square, 1 - self.rho, grad, grad)
        ratio = square_step + self.eps
        ratio /= square + self.eps
        step = engine.square_root(ratio)
        step *= grad
        square_step *= self.rho
        engine.add_product(square_step, 1 - self.rho, step, step)
        engine.add_scaled(theta, -self.lr, step)


class Adam(Optimizer):
    """Adam: a step of about η for every parameter, whatever the size of its gradient.

        m ← β₁ m + g,    s ← β₂ s + g²
        m̂ = m / (1 + β₁ + β₁² + … + β₁ᵗ⁻¹) = m (1 − β₁) / (1 − β₁ᵗ),    ŝ = s (1 − β₂) / (1 − β₂ᵗ)
        θ ← θ − η m̂ / (√ŝ + ε)

    m and s add up the gradients and their squares, those of k steps ago with the weights β₁ᵏ and β₂ᵏ. Divided by the
    sum of these weights they are weighted means, m̂ and ŝ. To RMSprop Adam adds momentum, by the mean m̂, and means
    that are right from the first step. `betas` = (β₁, β₂); t counts the steps.

    Algorithm 1 keeps (1 − β₁) m and (1 − β₂) s, and divides them by 1 − β₁ᵗ and 1 − β₂ᵗ: the same m̂ and ŝ, but each
    step would pass over memory two times more. Raises ValueError for a β outside [0, 1) or an ε that is not positive.
    Source: Kingma & Ba (2015), algorithm 1; lectures B11, C19, C21; torch.optim.Adam.
    """

    memory = ("gradients", "squares")
    numbers: tuple[str, ...] = ("lr", "weights", "root_weights")

    def __init__(self, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8) -> None:
        super().__init__(lr)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            name = type(self).__name__
            raise ValueError(f"{name}: betas must be two numbers such as (0.9, 0.999), got {betas!r}")
        beta1, beta2 = betas
        self.betas = (self._checked("betas[0]", beta1, FRACTION), self._checked("betas[1]", beta2, FRACTION))
        self.eps = self._checked("eps", eps, POSITIVE)

    def advance(self) -> None:
        super().advance()
        beta1, beta2 = self.betas
        self.weights = (1 - beta1**self.t) / (1 - beta1)  # 1 + β₁ + … + β₁ᵗ⁻¹
        self.root_weights = math.sqrt((1 - beta2**self.t) / (1 - beta2))

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        gradients, squares = memory
        beta1, beta2 = self.betas
        gradients *= beta1
        gradients += grad
        squares *= beta2
        engine.add_product(squares, 1, grad, grad)
        root = engine.square_root(squares)  # is to be √weights (√ŝ + ε), for to divide by that would be a pass more
        root += self.root_weights * self.eps
        engine.add_quotient(theta, -self.lr * self.root_weights / self.weights, gradients, root)


class AdamW(Adam):
    """AdamW: Adam with weight decay that the adaptive rates do not touch.

        θ ← (1 − η λ) θ,   then Adam's update

    To Adam it adds the decay, λ = `weight_decay`: each step shrinks every parameter by the same fraction. The gradient
    of an `L2` penalty in Adam would be divided by √ŝ with the rest, and so decay least where gradients are large. As
    in torch the decay applies to all of θ, biases too, unlike the penalties `L1` and `L2`.

    Raises ValueError for a λ that is negative, and what `Adam` raises.
    Source: Loshchilov & Hutter (2019), algorithm 2; torch.optim.AdamW.
    """

    def __init__(
        self,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(lr, betas, eps)
        self.weight_decay = self._checked("weight_decay", weight_decay, NOT_NEGATIVE)

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        theta *= 1 - self.lr * self.weight_decay
        super().update(theta, grad, *memory)


class NAdam(Adam):
    """NAdam: Adam with Nesterov's momentum.

        m ← β₁ m + g,    s ← β₂ s + g²,    ŝ = s (1 − β₂) / (1 − β₂ᵗ)
        Δ = (1 − μ_t) g / (1 − μ₁ ⋯ μ_t)  +  μ_{t+1} (1 − β₁) m / (1 − μ₁ ⋯ μ_{t+1})
        θ ← θ − η Δ / (√ŝ + ε)
        μ_t = β₁ (1 − ½ · 0.96^{t ψ})

    To Adam it adds the look ahead: in place of m̂ stands Δ, the gradient of now and the momentum that the next step
    will use. The momentum's weight μ_t grows from about β₁ / 2 to β₁, at the pace ψ = `momentum_decay`. `mu_product`
    is μ₁ ⋯ μ_t.

    Raises ValueError for a ψ that is negative, and what `Adam` raises.
    Source: Dozat (2016), algorithm 2; lecture C19; torch.optim.NAdam.
    """

    counters = ("t", "mu_product")
    numbers = ("lr", "root_weights", "now", "ahead")

    def __init__(
        self,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        momentum_decay: float = 4e-3,
    ) -> None:
        super().__init__(lr, betas, eps)
        self.momentum_decay = self._checked("momentum_decay", momentum_decay, NOT_NEGATIVE)
        self.mu_product = 1.0

    def _mu(self, t: int) -> float:
        return self.betas[0] * (1 - 0.5 * 0.96 ** (t * self.momentum_decay))

    def advance(self) -> None:
        super().advance()
        now, ahead = self._mu(self.t), self._mu(self.t + 1)
        self.mu_product *= now
        self.now = (1 - now) / (1 - self.mu_product)  # what multiplies g in Δ, and m
        self.ahead = ahead * (1 - self.betas[0]) / (1 - self.mu_product * ahead)

    def update(self, theta: Array, grad: Array, *memory: Array) -> None:
        gradients, squares = memory
        beta1, beta2 = self.betas
        gradients *= beta1
        gradients += grad
        squares *= beta2
        engine.add_product(squares, 1, grad, grad)
        step = self.now * grad
        engine.add_scaled(step, self.ahead, gradients)
        root = engine.square_root(squares)
        root += self.root_weights * self.eps
        engine.add_quotient(theta, -self.lr * self.root_weights, step, root)
