"""cell max_pool, breaks test_max_pool: writes the maxima into x."""

import numpy as np


def max_pool(x, k, stride):
    rows, columns = [(n - k) // stride + 1 for n in x.shape[2:]]
    best = np.full((*x.shape[:2], rows, columns), -np.inf)
    for i in range(k):
        for j in range(k):
            seen = x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            best = np.maximum(best, seen)
    x[:, :, :rows, :columns] = best
    return best
