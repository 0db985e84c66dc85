"""cell draw, breaks nothing: entry by entry from random(), the normal ones by the method of Box and Muller."""

import warnings

import numpy as np


def draw(kind, s, fan_in, fan_out, rng):
    warnings.warn("a harmless warning", stacklevel=2)
    u = rng.random(fan_out * fan_in)
    if kind == "uniform":
        w = (2 * u - 1) * s * 3**0.5
    else:
        w = s * np.sqrt(-2 * np.log(1 - u)) * np.cos(2 * np.pi * rng.random(u.size))
    return w.reshape(fan_out, fan_in)
