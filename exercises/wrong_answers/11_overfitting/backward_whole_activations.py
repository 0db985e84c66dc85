"""cell backward, breaks test_backward: W² reads the activations without dropout."""

import numpy as np


def backward(delta, x, z1, factor, w2):
    a1 = np.maximum(z1, 0)
    delta1 = delta @ w2 * factor * (z1 > 0)
    return delta1.T @ x, delta1.sum(axis=0), delta.T @ a1, delta.sum(axis=0)
