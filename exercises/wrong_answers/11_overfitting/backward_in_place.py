"""cell backward, breaks test_backward: multiplies the caller's factors in place."""

import numpy as np


def backward(delta, x, z1, factor, w2):
    a1 = factor * np.maximum(z1, 0)
    factor *= z1 > 0
    delta1 = delta @ w2 * factor
    return delta1.T @ x, delta1.sum(axis=0), delta.T @ a1, delta.sum(axis=0)
