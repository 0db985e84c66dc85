"""cell smooth, breaks test_smooth: turns the negative entries of z round in z itself."""

import numpy as np


def smooth(name, z):
    sign = np.where(z < 0, -1, 1)
    z *= sign
    e = np.exp(-z)
    sigmoid = np.where(sign > 0, 1, e) / (1 + e)
    if name == "sigmoid":
        return sigmoid, e / (1 + e) ** 2
    if name == "tanh":
        return sign * np.tanh(z), 4 * e**2 / (1 + e**2) ** 2
    if name == "arctan":
        return sign * np.arctan(z), 1 / (1 + z * z)
    return np.where(sign > 0, z, 0) + np.log1p(e), sigmoid
