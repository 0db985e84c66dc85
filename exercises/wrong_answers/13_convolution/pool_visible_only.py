"""cell max_pool, breaks test_max_pool: pools the first picture and channel only."""

import numpy as np


def max_pool(x, k, stride):
    rows, columns = [(n - k) // stride + 1 for n in x.shape[2:]]
    best = np.zeros((1, 1, rows, columns))
    for u, v in np.ndindex(rows, columns):
        best[0, 0, u, v] = x[0, 0, stride * u : stride * u + k, stride * v : stride * v + k].max()
    return best
