"""cell draw, breaks test_draw: one column for each neuron."""

import numpy as np


def draw(kind, s, fan_in, fan_out, rng):
    if kind == "normal":
        return rng.normal(0, s, (fan_in, fan_out))
    c = np.sqrt(3) * s
    return rng.uniform(-c, c, (fan_in, fan_out))
