"""cell softmax, breaks test_softmax: subtracts the largest logit of the table, so that other rows become 0/0."""

import numpy as np


def softmax(z):
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max())
        return e / e.sum(axis=1, keepdims=True)
