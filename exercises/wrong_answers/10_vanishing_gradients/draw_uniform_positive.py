"""cell draw, breaks test_draw: the uniform numbers lie between 0 and 2 c."""

import numpy as np


def draw(kind, s, fan_in, fan_out, rng):
    if kind == "normal":
        return rng.normal(0, s, (fan_out, fan_in))
    c = np.sqrt(3) * s
    return rng.uniform(0, 2 * c, (fan_out, fan_in))
