"""cell smooth, breaks test_smooth: softplus with log(1 + e) in place of log1p(e): 0 at -40."""

import numpy as np


def smooth(name, z):
    e = np.exp(-np.abs(z))  # at most 1
    sigmoid = np.where(z > 0, 1, e) / (1 + e)
    if name == "sigmoid":
        return sigmoid, e / (1 + e) ** 2
    if name == "tanh":
        return np.tanh(z), 4 * e**2 / (1 + e**2) ** 2
    if name == "arctan":
        return np.arctan(z), 1 / (1 + z * 1.0 * z)
    return np.maximum(z, 0) + np.log(1 + e), sigmoid
