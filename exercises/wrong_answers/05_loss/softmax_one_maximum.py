"""cell softmax, breaks test_softmax: takes one largest score for the whole batch, so low rows become 0 / 0."""

import numpy as np


def softmax(z, temperature):
    e = np.exp((z - z.max()) / temperature)
    return e / e.sum(axis=1, keepdims=True)
