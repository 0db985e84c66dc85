"""cell softmax, breaks test_softmax: divides the exponentials by the temperature, which cancels."""

import numpy as np


def softmax(z, temperature):
    e = np.exp(z - z.max(axis=1, keepdims=True)) / temperature
    return e / e.sum(axis=1, keepdims=True)
