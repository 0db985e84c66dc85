"""cell backward, breaks nothing: counts the blocks down, fills an array, and warns."""

import warnings

import numpy as np


def backward(g, pullbacks, factor):
    warnings.warn("an array for all of them", stacklevel=2)
    n = len(pullbacks)
    found = np.zeros((n + 1, *np.shape(g)))
    found[n] = g
    for i in range(n - 1, -1, -1):
        found[i] = pullbacks[i](found[i + 1]) + factor * found[i + 1]
    return found
