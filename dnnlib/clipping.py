"""Gradient clipping: a step that would be too large is made smaller, so that one steep place cannot ruin a training.

    value = model.loss_and_grad(xb, yb, loss)
    clip_grad_norm(model.grad, max_norm=1.0)
    optimizer.step(model.theta, model.grad)

or `model.fit(..., callbacks=[dnn.ClipGradNorm(1.0)])`. Pascanu, Mikolov & Bengio (2013).
"""

from __future__ import annotations

from typing import Any

from dnnlib import engine
from dnnlib.callbacks import Callback, Run
from dnnlib.checks import POSITIVE, check_real
from dnnlib.engine import Array


def clip_grad_norm(grad: Array, max_norm: float) -> Array:
    """Shorten ∇L(θ), in place, to a length of at most `max_norm`; its direction stays.

        g ← g · min(1, max_norm / (‖g‖ + 10⁻⁶)),          ‖g‖ = √(Σ gᵢ²)

    Returns ‖g‖ before clipping, one number (a 0-d array of its engine: a GPU need not be waited for). A norm that is
    NaN makes every entry NaN. One that is infinite, because an entry is or because the squares overflow, makes the
    finite entries 0 and the infinite ones NaN. So a gradient with an entry that is no number leaves NaN behind,
    and `fit` stops with the next loss, as it would without clipping.

    Raises ValueError if `grad` is no flat vector of floats, or `max_norm` no positive number.
    Source: Pascanu, Mikolov & Bengio (2013), algorithm 1; torch.nn.utils.clip_grad_norm_.
    """
    _check_grad("clip_grad_norm", grad)
    max_norm = check_real("clip_grad_norm: max_norm", max_norm, POSITIVE)
    xp = engine.namespace(grad)
    norm = xp.sqrt(grad @ grad)
    factor = max_norm / (norm + 1e-6)
    grad *= xp.minimum(factor, xp.ones_like(factor))
    return norm


def clip_grad_value(grad: Array, clip_value: float) -> None:
    """Move every entry of ∇L(θ) into [−clip_value, clip_value], in place: gᵢ ← max(−c, min(gᵢ, c)).

    The direction changes, as the entries beyond ±c shrink and the others do not. Infinite entries become ±c; NaN
    stays NaN.

    Raises ValueError if `grad` is no flat vector of floats, or `clip_value` no positive number.
    Source: torch.nn.utils.clip_grad_value_.
    """
    _check_grad("clip_grad_value", grad)
    clip_value = check_real("clip_grad_value: clip_value", clip_value, POSITIVE)
    engine.clamp(grad, clip_value)


def _check_grad(what: str, grad: Any) -> None:
    if not engine.is_array(grad) or grad.ndim != 1 or engine.dtype_of(grad) not in engine.DTYPES:
        raise ValueError(f"{what}: grad must be a flat vector such as model.grad, got {engine.describe(grad)}")


class ClipGradNorm(Callback):
    """`clip_grad_norm` of every batch's ∇L(θ), penalty included, before the update.

    Callbacks after it in the list, such as `GradientNorms`, see what it leaves. Raises ValueError unless `max_norm`
    is a positive number.
    """

    def __init__(self, max_norm: float) -> None:
        self.max_norm = check_real("ClipGradNorm: max_norm", max_norm, POSITIVE)

    def on_gradient(self, run: Run) -> None:
        clip_grad_norm(run.model.grad, self.max_norm)


class ClipGradValue(Callback):
    """`clip_grad_value` of every batch's ∇L(θ), penalty included, before the update.

    Callbacks after it in the list, such as `GradientNorms`, see what it leaves. Raises ValueError unless `clip_value`
    is a positive number.
    """

    def __init__(self, clip_value: float) -> None:
        self.clip_value = check_real("ClipGradValue: clip_value", clip_value, POSITIVE)

    def on_gradient(self, run: Run) -> None:
        clip_grad_value(run.model.grad, self.clip_value)
