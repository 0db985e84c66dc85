"""cell binary_cross_entropy, breaks test_binary_cross_entropy: the formula as it stands, infinite for large scores."""

import numpy as np


def binary_cross_entropy(z, y):
    a = 1 / (1 + np.exp(-z))
    loss = -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))
    return loss, (a - y) / len(z)
