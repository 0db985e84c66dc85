"""cell shuffle, breaks test_shuffle: always the same order, whatever the generator."""

import numpy as np


def shuffle(x, y, rng):
    order = np.random.default_rng(0).permutation(len(y))
    return x[order], y[order]
