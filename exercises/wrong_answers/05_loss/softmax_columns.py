"""cell softmax, breaks test_softmax: makes the columns sum to 1."""

import numpy as np


def softmax(z, temperature):
    e = np.exp((z - z.max(axis=0)) / temperature)
    return e / e.sum(axis=0)
