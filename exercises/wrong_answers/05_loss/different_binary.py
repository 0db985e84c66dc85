"""cell binary_cross_entropy, breaks nothing: numpy.logaddexp for both answers, and a list."""

import numpy as np


def binary_cross_entropy(z, y):
    yes, no = np.logaddexp(0, -z), np.logaddexp(0, z)
    sigmoid = np.exp(-yes)
    gradient = [(float(s) - float(t)) / len(z) for s, t in zip(sigmoid, y, strict=True)]
    return np.sum(y * yes + (1 - y) * no) / len(z), gradient
