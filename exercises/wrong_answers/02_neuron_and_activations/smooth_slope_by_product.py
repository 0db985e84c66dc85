"""cell smooth, breaks test_smooth: the slope of the sigmoid as s (1 - s), exactly 0 from 37 on."""

import numpy as np


def smooth(name, z):
    e = np.exp(-np.abs(z))  # at most 1
    sigmoid = np.where(z > 0, 1, e) / (1 + e)
    if name == "sigmoid":
        return sigmoid, sigmoid * (1 - sigmoid)
    if name == "tanh":
        return np.tanh(z), 4 * e**2 / (1 + e**2) ** 2
    if name == "arctan":
        return np.arctan(z), 1 / (1 + z * 1.0 * z)
    return np.maximum(z, 0) + np.log1p(e), sigmoid
