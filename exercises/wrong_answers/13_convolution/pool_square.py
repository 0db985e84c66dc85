"""cell max_pool, breaks test_max_pool: takes the number of rows for the columns as well."""

import numpy as np


def max_pool(x, k, stride):
    rows = columns = (x.shape[2] - k) // stride + 1
    best = np.full((*x.shape[:2], rows, columns), -np.inf)
    for i in range(k):
        for j in range(k):
            seen = x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            best = np.maximum(best, seen)
    return best
