"""Is `backward` the derivative of `forward`? Central differences over every entry of θ and of the input."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array
from dnnlib.losses import Loss
from dnnlib.penalties import Penalty

if TYPE_CHECKING:
    from dnnlib.model import Sequential


class GradientError(AssertionError):
    """A gradient from `backward` is not the one that central differences measure."""


def gradcheck(
    model: Sequential,
    x: Array,
    y: Array,
    loss: Loss,
    penalty: Penalty | None = None,
    eps: float = 1e-6,
    tolerance: float = 1e-6,
) -> dict[str, float]:
    """The relative error of every parameter's gradient, and of the input's ("input"), by name.

    Each entry θᵢ is moved by ±ε, and (L(θ + ε eᵢ) − L(θ − ε eᵢ)) / 2ε is compared with ∂L/∂θᵢ from `backward`. For a
    parameter with gradient g and measured gradient n, the error is max |g − n| / max(max |g|, max |n|), 0 where both
    vanish. Layers that draw at random draw the same for every value of L. θ, the state and x are as before afterwards.

    Raises GradientError, with the worst entry of each wrong gradient, where an error is above `tolerance`; ValueError
    for a float32 network, whose rounding would drown the difference. Source: lecture A34's Δl/Δw.
    """
    if model.dtype != "float64":
        raise ValueError(f"gradcheck needs a network in float64, this one computes in {model.dtype}")
    x = engine.namespace(x).asarray(x, copy=True).reshape(-1).reshape(x.shape)  # its flat form is a view, as θ is

    state, draws = engine.to_numpy(model.state).copy(), copy.deepcopy(model.rng.bit_generator.state)

    def value() -> float:
        model.rng.bit_generator.state = draws
        value = loss.forward(model.forward(x), y)
        return float(value if penalty is None else value + penalty.forward(model))

    value()
    model.grad[...] = np.nan  # so that an entry shows which backward leaves out, or only adds to
    by_input = engine.to_numpy(model.backward(loss.backward()))
    if penalty is not None:
        penalty.backward(model)
    checks = {"input": (by_input, _differences(value, x, eps))}
    measured = _differences(value, model.theta, eps)
    model.state[...] = engine.to_device(state, model.device)
    model.rng.bit_generator.state = draws
    offset = 0
    for name, view in model.named_parameters():
        part = slice(offset, offset := offset + int(np.prod(view.shape)))
        gradient = engine.to_numpy(model.grad[part]).reshape(view.shape)
        checks[name] = (gradient, measured[part].reshape(view.shape))
    errors = {name: _relative_error(*pair) for name, pair in checks.items()}
    wrong = [_report(name, *checks[name], error) for name, error in errors.items() if not error <= tolerance]
    if wrong:
        raise GradientError("backward does not give the derivative of forward:\n" + "\n".join(wrong))
    return errors


def _differences(value: Callable[[], float], array: Array, eps: float) -> np.ndarray:
    """(value at aᵢ + ε − value at aᵢ − ε) / 2ε for every entry aᵢ of `array`, which is changed and put back."""
    flat = array.reshape(-1)
    result = np.zeros(flat.shape[0])
    for i in range(flat.shape[0]):
        before = float(flat[i])
        flat[i] = before + eps
        above = value()
        flat[i] = before - eps
        below = value()
        flat[i] = before
        result[i] = (above - below) / (2 * eps)
    return result.reshape(tuple(array.shape))


def _relative_error(gradient: np.ndarray, measured: np.ndarray) -> float:
    largest = max(np.abs(gradient).max(initial=0), np.abs(measured).max(initial=0))
    return float(np.abs(gradient - measured).max(initial=0) / largest) if largest else 0.0


def _report(name: str, gradient: np.ndarray, measured: np.ndarray, error: float) -> str:
    worst = np.unravel_index(np.abs(gradient - measured).argmax(), gradient.shape)
    return (
        f"  {name}{[int(i) for i in worst]}: backward gives {gradient[worst]:.9g}, "
        f"central differences {measured[worst]:.9g} (relative error {error:.1e})"
    )
