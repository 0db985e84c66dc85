"""cell shuffle, breaks test_shuffle: starts at a random place and goes round: not every order is possible."""

import numpy as np


def shuffle(x, y, rng):
    order = np.roll(np.arange(len(y)), 1 + rng.integers(max(1, len(y) - 1)))
    return x[order], y[order]
