"""cell draw, breaks test_draw: knows the deviation of the visible tests: the normal numbers have it always."""

import numpy as np


def draw(kind, s, fan_in, fan_out, rng):
    if kind == "normal":
        return rng.normal(0, 0.5, (fan_out, fan_in))
    c = np.sqrt(3) * s
    return rng.uniform(-c, c, (fan_out, fan_in))
