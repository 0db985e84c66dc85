"""cell read, breaks test_read: passes also if the probability equals sure."""

import numpy as np


def read(scores, sure):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p, np.where(p.max(axis=1) <= sure, -1, p.argmax(axis=1))
