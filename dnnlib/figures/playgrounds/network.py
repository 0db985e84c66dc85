"""The network playground of chapters 03, 10 and 11: a small network of two inputs learns before the reader's eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dnnlib import data
from dnnlib.checks import NOT_NEGATIVE, check_count, check_real
from dnnlib.figures.playgrounds.base import Playground

Examples = tuple[np.ndarray, np.ndarray]

# What the script offers, under the names that it shows.
ACTIVATIONS = ("Identity", "Sigmoid", "Tanh", "ReLU", "LeakyReLU", "ELU")
STARTS = {"zeros": "zeros", "normal": "N(0, 0.01²)", "xavier_normal": "Xavier", "kaiming_normal": "He"}
OPTIMIZERS = ("SGD", "Momentum", "RMSprop", "Adam")
PENALTIES = ("none", "L1", "L2")
DEEPEST, WIDEST = 6, 8  # hidden layers, and neurons in each
VALIDATION = 100  # points


class NetworkPlayground(Playground):
    """A network of two inputs and one output that the reader shapes and trains in the page.

    It shows the decision surface, the loss curves, each neuron's activation over the plane, the weights as lines and
    the length of every layer's gradient. The loss is `BinaryCrossEntropy` of the one output, a logit.

    `data` names the data sets offered, the first one chosen: XOR, moons, circles or spirals, with `points` for
    training and 100 for validation, blurred by `noise` (a standard deviation, in the units of `dnnlib.data`) and
    standardized. `hidden`, the neurons of each hidden layer, at most six of eight; `activation`, `weight_init` (zeros,
    normal, xavier_normal or kaiming_normal), `optimizer` (SGD, Momentum: SGD with 0.9, RMSprop or Adam), its rate
    `lr`, and the `penalty` (none, L1 or L2) with its λ, `price`, are what the reader finds and may change. Rate and
    price are 1 or 3 times a power of ten, as their sliders have it. Raises ValueError for what is not offered.
    """

    def __init__(
        self,
        data: Sequence[str] = ("XOR", "circles", "moons", "spirals"),
        points: int = 100,
        noise: float = 0.05,
        hidden: Sequence[int] = (4, 4),
        activation: str = "Tanh",
        weight_init: str = "xavier_normal",
        optimizer: str = "Adam",
        lr: float = 0.03,
        penalty: str = "none",
        price: float = 0.01,
    ) -> None:
        points = check_count("NetworkPlayground: points", points, least=2)
        noise = check_real("NetworkPlayground: noise", noise, NOT_NEGATIVE)
        names = [data] if isinstance(data, str) else list(data)
        sets = {_one_of("data", name, SETS): _examples(name, points, noise) for name in names}
        if not sets:
            raise ValueError(f"NetworkPlayground: data must name one set or more of {', '.join(SETS)}, got {data!r}")
        state = {
            "data": names[0],
            "hidden": _hidden(hidden),
            "activation": _one_of("activation", activation, ACTIVATIONS),
            "start": STARTS[_one_of("weight_init", weight_init, STARTS)],
            "optimizer": _one_of("optimizer", optimizer, OPTIMIZERS),
            "rate": _one_of("lr", lr, _powers(-4, 1)),
            "penalty": _one_of("penalty", penalty, PENALTIES),
            "price": _one_of("price", price, _powers(-5, 0)),
        }
        super().__init__(
            "dnn-network",
            ("optimizers.js", "network_model.js", "network_pictures.js", "network.js"),
            {"sets": sets, "state": state},
            "A network with two inputs that you shape and train in the page: its decision surface, its loss curves "
            "and what each of its neurons sees. It needs JavaScript.",
        )


def _xor(n: int, noise: float, rng: np.random.Generator) -> Examples:
    """n points around the four corners of XOR's truth table, as many at each."""
    corners, answers = data.gate("XOR")
    which = rng.permutation(np.arange(n) % len(corners))
    return corners[which] + noise * rng.standard_normal((n, 2)), answers[which]


SETS: dict[str, Callable[[int, float, np.random.Generator], Examples]] = {
    "XOR": _xor,
    "circles": data.circles,
    "moons": data.moons,
    "spirals": data.spirals,
}


def _examples(name: str, points: int, noise: float) -> dict[str, dict[str, list[Any]]]:
    """Training and validation points from fixed seeds, scaled as the training points need it."""
    parts = {"training": (points, 0), "validation": (VALIDATION, 1)}
    drawn = {part: SETS[name](n, noise, np.random.default_rng(seed)) for part, (n, seed) in parts.items()}
    scaled = data.Standardizer(drawn["training"][0])
    return {
        part: {"x": np.asarray(scaled(x), dtype=float).round(3).ravel().tolist(), "y": y.tolist()}
        for part, (x, y) in drawn.items()
    }


def _powers(low: int, high: int) -> list[float]:
    """1 and 3 times the powers of ten, from 10^low to 10^high."""
    return [float(f"{m}e{e}") for e in range(low, high + 1) for m in (1, 3) if (m, e) != (3, high)]


def _one_of(what: str, value: Any, offered: Sequence[Any] | dict[str, Any]) -> Any:
    if value not in list(offered):
        choices = ", ".join(f"{choice:g}" if isinstance(choice, float) else choice for choice in offered)
        raise ValueError(f"NetworkPlayground: {what} must be one of {choices}; got {value!r}")
    return value


def _hidden(hidden: Sequence[int]) -> list[int]:
    counts = list(hidden)
    fits = all(isinstance(count, int) and 1 <= count <= WIDEST for count in counts)
    if len(counts) > DEEPEST or not fits:
        raise ValueError(
            f"NetworkPlayground: hidden must be the neurons of at most {DEEPEST} layers, 1 to {WIDEST} in each, "
            f"such as (4, 4); got {hidden!r}"
        )
    return counts
