"""cell binary_cross_entropy, breaks test_binary_cross_entropy: computes σ(z) as 1 - σ(-z), which loses small values."""

import numpy as np


def binary_cross_entropy(z, y):
    e = np.exp(-np.abs(z))
    loss = np.mean(np.maximum(z, 0) - z * y + np.log1p(e))
    sigmoid = np.where(z >= 0, 1 / (1 + e), 1 - 1 / (1 + e))
    return loss, (sigmoid - y) / len(z)
