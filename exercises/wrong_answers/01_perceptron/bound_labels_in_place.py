"""cell mistake_bound, breaks test_mistake_bound: turns the caller's labels into -1 and +1."""

import numpy as np


def mistake_bound(x, y, w, b):
    longest = np.sqrt(np.sum(x**2, axis=1) + 1).max()
    y *= 2
    y -= 1
    margin = np.min(y * (x @ w + b)) / np.sqrt(np.sum(w**2) + b**2)
    return (longest / margin) ** 2 if margin > 0 else np.inf
