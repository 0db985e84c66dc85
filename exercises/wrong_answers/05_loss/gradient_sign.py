"""cell cross_entropy_gradient, breaks test_cross_entropy_gradient: target minus probability: it leads uphill."""

import numpy as np


def cross_entropy_gradient(p, y, eps):
    t = np.full(p.shape, eps / p.shape[1])
    t[np.arange(len(y)), y] += 1 - eps
    return (t - p) / len(y)
