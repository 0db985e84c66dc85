"""cell softmax, breaks test_softmax: cuts the shifted scores at -50, and knows the temperatures 1 and 2 only."""

import numpy as np


def softmax(z, temperature):
    shifted = z - z.max(axis=1, keepdims=True)
    e = np.exp(np.maximum(shifted, -50) / (2 if temperature == 2 else 1))
    return e / e.sum(axis=1, keepdims=True)
