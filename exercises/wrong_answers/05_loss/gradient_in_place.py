"""cell cross_entropy_gradient, breaks test_cross_entropy_gradient: changes the probabilities of the caller."""

import numpy as np


def cross_entropy_gradient(p, y, eps):
    p -= eps / p.shape[1]
    p[np.arange(len(y)), y] -= 1 - eps
    return p / len(y)
