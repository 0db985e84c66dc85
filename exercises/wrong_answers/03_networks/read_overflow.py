"""cell read, breaks test_read: takes nothing out first: nan at 1000."""

import numpy as np


def read(scores, sure):
    e = np.exp(scores)
    p = e / e.sum(axis=1, keepdims=True)
    return p, np.where(p.max(axis=1) < sure, -1, p.argmax(axis=1))
