"""Losses of two parameters, to look at: what an optimizer does on them can be drawn. Lectures A24, B08, C09, C20."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dnnlib.checks import check_count
from dnnlib.optimizers import Optimizer


@dataclass(frozen=True)
class Surface:
    """A loss L(θ₁, θ₂) with its gradient, both in closed form, and the part of the plane worth drawing.

    `loss(θ₁, θ₂)` takes numbers or arrays of one shape and returns L there; `gradient(θ₁, θ₂)` the two derivatives.
    `xlim`, `ylim` bound the picture; `minimum` is the lowest point, None if there is none.
    """

    name: str
    loss: Callable[..., np.ndarray]
    gradient: Callable[..., tuple[np.ndarray, np.ndarray]]
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    minimum: tuple[float, float] | None

    def descend(self, optimizer: Optimizer, start: tuple[float, float], steps: int) -> np.ndarray:
        """The path θ⁰, θ¹, … of an optimizer from `start`, float64 of shape (steps + 1, 2).

        A path that diverges ends early, at its last finite point. Raises ValueError for a start that is not two
        numbers, or steps that are not a whole number from 0 on.
        """
        check_count("steps", steps, least=0)
        theta = np.array(start, dtype=np.float64)
        if theta.shape != (2,):
            raise ValueError(f"{self.name}: start must be two numbers, got {start}")
        path = [theta.copy()]
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(steps):
                optimizer.step(theta, np.array(self.gradient(*theta), dtype=np.float64))
                if not np.all(np.isfinite(theta)):
                    break
                path.append(theta.copy())
        return np.array(path)


def _quadratic(name: str, steep: float, xlim: tuple[float, float], ylim: tuple[float, float]) -> Surface:
    """½ (θ₁² + c θ₂²), with c how steep the walls are."""
    return Surface(
        name, lambda a, b: 0.5 * (a**2 + steep * b**2), lambda a, b: (a, steep * b), xlim, ylim, minimum=(0.0, 0.0)
    )


BOWL = _quadratic("bowl", 4, xlim=(-3, 3), ylim=(-2, 2))
"""L = ½ (θ₁² + 4 θ₂²): curvatures 1 and 4, so gradient descent is stable for η < 1/2."""

VALLEY = _quadratic("valley", 25, xlim=(-6, 2), ylim=(-2, 2))
"""L = ½ (θ₁² + 25 θ₂²): steep walls, a floor that falls gently. Gradient descent is stable for η < 2/25."""

SADDLE = Surface(
    "saddle",
    lambda a, b: 0.5 * (a**2 - b**2) + 0.25 * b**4,
    lambda a, b: (a, b**3 - b),
    xlim=(-2, 2),
    ylim=(-1.6, 1.6),
    minimum=(0.0, 1.0),
)
"""L = ½ (θ₁² − θ₂²) + ¼ θ₂⁴: a saddle point at 0 between two minima of L = −¼ at (0, ±1)."""


def _beale(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (1.5 - a + a * b) ** 2 + (2.25 - a + a * b**2) ** 2 + (2.625 - a + a * b**3) ** 2


def _beale_gradient(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r1, r2, r3 = 1.5 - a + a * b, 2.25 - a + a * b**2, 2.625 - a + a * b**3
    return (
        2 * (r1 * (b - 1) + r2 * (b**2 - 1) + r3 * (b**3 - 1)),
        2 * a * (r1 + 2 * r2 * b + 3 * r3 * b**2),
    )


BEALE = Surface("Beale's function", _beale, _beale_gradient, xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), minimum=(3.0, 0.5))
"""L = Σᵢ (cᵢ − θ₁ (1 − θ₂ⁱ))², c = (1.5, 2.25, 2.625): plateaus, walls, one minimum L = 0 at (3, ½). Beale (1958)."""
