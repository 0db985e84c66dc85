"""cell mistake_bound, breaks test_mistake_bound: takes the mean of the margins instead of the smallest."""

import numpy as np


def mistake_bound(x, y, w, b):
    longest = np.sqrt(np.sum(x**2, axis=1) + 1).max()
    margin = np.mean((2 * y - 1) * (x @ w + b)) / np.sqrt(np.sum(w**2) + b**2)
    return (longest / margin) ** 2 if margin > 0 else np.inf
