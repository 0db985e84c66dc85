"""cell read, breaks test_read: takes the maximum out of the scores in place."""

import numpy as np


def read(scores, sure):
    scores -= scores.max(axis=1, keepdims=True)
    e = np.exp(scores)
    p = e / e.sum(axis=1, keepdims=True)
    return p, np.where(p.max(axis=1) < sure, -1, p.argmax(axis=1))
