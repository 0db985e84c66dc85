"""cell cross_entropy_gradient, breaks nothing: with the identity matrix, as a list."""

import numpy as np


def cross_entropy_gradient(p, y, eps):
    B, K = p.shape
    t = np.eye(K)[y] * (1 - eps) + eps / K
    return (p / B - t / B).tolist()
