"""cell softmax, breaks test_softmax: subtracts in the caller's array."""

import numpy as np


def softmax(z):
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)
