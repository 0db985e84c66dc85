"""cell binary_cross_entropy, breaks test_binary_cross_entropy: takes targets between 0 and 1 for 0."""

import numpy as np


def binary_cross_entropy(z, y):
    y = (y >= 1).astype(int)
    e = np.exp(-np.abs(z))
    loss = np.mean(np.maximum(z, 0) - z * y + np.log1p(e))
    sigmoid = np.where(z >= 0, 1, e) / (1 + e)
    return loss, (sigmoid - y) / len(z)
