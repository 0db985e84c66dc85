"""cell mistake_bound, breaks test_mistake_bound: leaves the bias out of the length of the weights."""

import numpy as np


def mistake_bound(x, y, w, b):
    longest = np.sqrt(np.sum(x**2, axis=1) + 1).max()
    margin = np.min((2 * y - 1) * (x @ w + b)) / np.sqrt(np.sum(w**2))
    return (longest / margin) ** 2 if margin > 0 else np.inf
