"""cell cross_entropy_gradient, breaks test_cross_entropy_gradient: forgets to divide by B."""

import numpy as np


def cross_entropy_gradient(p, y, eps):
    t = np.full(p.shape, eps / p.shape[1])
    t[np.arange(len(y)), y] += 1 - eps
    return p - t
