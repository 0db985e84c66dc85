"""cell cross_entropy_gradient, breaks test_cross_entropy_gradient: spreads eps as if there were always two classes."""

import numpy as np


def cross_entropy_gradient(p, y, eps):
    t = np.full(p.shape, eps / 2)
    t[np.arange(len(y)), y] += 1 - eps
    return (p - t) / len(y)
