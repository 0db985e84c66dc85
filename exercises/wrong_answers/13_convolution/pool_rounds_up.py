"""cell max_pool, breaks test_max_pool: adds windows that hang over the border."""

import numpy as np


def max_pool(x, k, stride):
    rows, columns = [-(-(n - k) // stride) + 1 for n in x.shape[2:]]
    x = np.pad(x, [(0, 0), (0, 0), (0, stride), (0, stride)], mode="edge")
    best = np.full((*x.shape[:2], rows, columns), -np.inf)
    for i in range(k):
        for j in range(k):
            seen = x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            best = np.maximum(best, seen)
    return best
