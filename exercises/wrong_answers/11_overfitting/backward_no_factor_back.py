"""cell backward, breaks test_backward: lets the error pass the neurons that were left out."""

import numpy as np


def backward(delta, x, z1, factor, w2):
    a1 = factor * np.maximum(z1, 0)
    delta1 = delta @ w2 * (z1 > 0)
    return delta1.T @ x, delta1.sum(axis=0), delta.T @ a1, delta.sum(axis=0)
