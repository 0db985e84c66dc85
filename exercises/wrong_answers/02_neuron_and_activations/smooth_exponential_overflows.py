"""cell smooth, breaks test_smooth: the sigmoid as e^z / (1 + e^z), nan at 1000."""

import numpy as np


def smooth(name, z):
    e = np.exp(-np.abs(z))  # at most 1
    sigmoid = np.exp(z) / (1 + np.exp(z))
    if name == "sigmoid":
        return sigmoid, e / (1 + e) ** 2
    if name == "tanh":
        return np.tanh(z), 4 * e**2 / (1 + e**2) ** 2
    if name == "arctan":
        return np.arctan(z), 1 / (1 + z * 1.0 * z)
    return np.maximum(z, 0) + np.log1p(e), sigmoid
