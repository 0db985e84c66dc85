"""cell softmax, breaks test_softmax: shares out over the column, as the colleague did."""

import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)
