"""cell softmax, breaks test_softmax: divides the scores by the temperature but shifts by the undivided maximum."""

import numpy as np


def softmax(z, temperature):
    e = np.exp(z / temperature - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
