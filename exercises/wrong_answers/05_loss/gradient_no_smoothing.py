"""cell cross_entropy_gradient, breaks test_cross_entropy_gradient: ignores eps."""

import numpy as np


def cross_entropy_gradient(p, y, eps):
    t = np.full(p.shape, 0.0)
    t[np.arange(len(y)), y] += 1
    return (p - t) / len(y)
