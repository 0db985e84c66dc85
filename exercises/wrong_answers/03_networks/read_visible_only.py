"""cell read, breaks test_read: knows two classes only."""

import numpy as np


def read(scores, sure):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    if p.shape[1] != 2:
        p = np.full(p.shape, 1 / p.shape[1])
    return p, np.where(p.max(axis=1) < sure, -1, p.argmax(axis=1))
