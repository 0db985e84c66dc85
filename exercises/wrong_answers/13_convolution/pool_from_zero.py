"""cell max_pool, breaks test_max_pool: starts from 0, so that no result is negative."""

import numpy as np


def max_pool(x, k, stride):
    rows, columns = [(n - k) // stride + 1 for n in x.shape[2:]]
    best = np.zeros((*x.shape[:2], rows, columns))
    for i in range(k):
        for j in range(k):
            seen = x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            best = np.maximum(best, seen)
    return best
