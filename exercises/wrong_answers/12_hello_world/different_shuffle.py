"""cell shuffle, breaks nothing: sorts by random keys."""

import numpy as np


def shuffle(x, y, rng):
    order = sorted(range(len(y)), key=dict(enumerate(rng.random(len(y)))).get)
    return np.array([x[i] for i in order]), np.array([y[i] for i in order])
