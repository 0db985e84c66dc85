"""cell shuffle, breaks test_shuffle: its own source of chance."""

import numpy as np


def shuffle(x, y, rng):
    order = np.random.default_rng().permutation(len(y))
    return x[order], y[order]
