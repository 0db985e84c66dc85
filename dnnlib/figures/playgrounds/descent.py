"""Descent on surfaces, live in the page: any start, any rate, every optimizer of the course. Lectures A24, B10, C19."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dnnlib.checks import FINITE, Rule, check_count, check_real
from dnnlib.figures.playgrounds.base import Playground
from dnnlib.surfaces import BEALE, BOWL, SADDLE, VALLEY, Surface

OPTIMIZERS = ("SGD", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "NAdam")
TRACKS: dict[str, tuple[Surface, tuple[float, float]]] = {
    surface.name: (surface, start)
    for surface, start in (
        (BOWL, (-2.5, 1.5)),
        (VALLEY, (-5.0, 1.5)),
        (SADDLE, (-1.5, 0.01)),
        (replace(BEALE, xlim=(-1.5, 4), ylim=(-2.5, 2)), (1.0, 1.5)),  # the part where paths run
    )
}
"""Each surface by its name, with the part of it that is drawn, and where a descent on it starts."""
MODULES = ("optimizers.js", "surfaces.js", "landscape.js", "descent.js")
MOST_STEPS = 200
RATE: Rule = (
    "be a rate from 0.001 to 30 of at most two digits, such as 0.07",
    lambda value: 0.001 <= value <= 30 and float(f"{value:.2g}") == value,
)
MOMENTUM: Rule = ("lie in [0, 0.99]", lambda value: 0 <= value <= 0.99)


class DescentPlayground(Playground):
    """Paths of optimizers on a surface: the reader moves the start, the rates and the momentum.

    All options say what is shown at first, and the reader can change them. `surface` is a name of `TRACKS`,
    `optimizers` are names of `OPTIMIZERS`; with SGD alone the others are folded away. `lr` is the rate of each, of two
    digits; `momentum` is the μ of Momentum and Nesterov and the β₁ of Adam, AdamW and NAdam; `start` is a point of the
    picture, the surface's usual one unless given.

    Raises ValueError for a name that does not exist, and for a number that the sliders do not have.
    """

    def __init__(
        self,
        surface: str = "bowl",
        optimizers: Sequence[str] = ("SGD",),
        *,
        lr: float = 0.1,
        momentum: float = 0.9,
        steps: int = 60,
        start: tuple[float, float] | None = None,
    ) -> None:
        if surface not in TRACKS:
            raise ValueError(f"DescentPlayground: surface must be one of {list(TRACKS)}, got {surface!r}")
        starts = {name: usual for name, (_, usual) in TRACKS.items()}
        if start is not None:
            starts[surface] = _checked_start(TRACKS[surface][0], start)
        chosen = _checked_names(optimizers)
        given = {
            "surfaces": {
                name: {"x": track.xlim, "y": track.ylim, "minimum": track.minimum, "start": starts[name]}
                for name, (track, _) in TRACKS.items()
            },
            "surface": surface,
            "chosen": chosen,
            "rate": check_real("DescentPlayground: lr", lr, RATE),
            "momentum": check_real("DescentPlayground: momentum", momentum, MOMENTUM),
            "steps": _checked_steps(steps),
        }
        description = (
            f"A playground that needs JavaScript: the {surface} from above with the path of {', '.join(chosen)} from a "
            "start that you choose, and the loss at each step, with sliders for rates, momentum and steps."
        )
        super().__init__("dnn-descent", MODULES, given, description)


def _checked_names(optimizers: Sequence[str]) -> list[str]:
    """The names in the order of the course."""
    names = [optimizers] if isinstance(optimizers, str) else list(optimizers)
    if not names or (unknown := [name for name in names if name not in OPTIMIZERS]):
        got = unknown[0] if names else names
        raise ValueError(f"DescentPlayground: optimizers must be one or more of {list(OPTIMIZERS)}, got {got!r}")
    return [name for name in OPTIMIZERS if name in names]


def _checked_steps(steps: int) -> int:
    if check_count("DescentPlayground: steps", steps) > MOST_STEPS:
        raise ValueError(f"DescentPlayground: steps must be at most {MOST_STEPS}, got {steps}")
    return int(steps)


def _checked_start(surface: Surface, start: tuple[float, float]) -> tuple[float, float]:
    if not isinstance(start, (tuple, list)) or len(start) != 2:
        raise ValueError(f"DescentPlayground: start must be two numbers such as (-2.5, 1.5), got {start!r}")
    a, b = (check_real("DescentPlayground: start", value, FINITE) for value in start)
    if not (surface.xlim[0] <= a <= surface.xlim[1] and surface.ylim[0] <= b <= surface.ylim[1]):
        raise ValueError(
            f"DescentPlayground: start must lie in the picture of the {surface.name}, "
            f"θ₁ in {list(surface.xlim)} and θ₂ in {list(surface.ylim)}, got {start!r}"
        )
    return a, b
