"""cell backward, breaks test_backward: takes the mean over the rows, although the error has its 1/B already."""

import numpy as np


def backward(delta, x, z1, factor, w2):
    a1 = factor * np.maximum(z1, 0)
    delta1 = delta @ w2 * factor * (z1 > 0)
    return delta1.T @ x / len(x), delta1.mean(axis=0), delta.T @ a1 / len(x), delta.mean(axis=0)
