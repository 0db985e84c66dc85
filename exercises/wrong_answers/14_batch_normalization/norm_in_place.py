"""cell batch_norm, breaks test_batch_norm: takes the mean away from the caller's sums."""

import numpy as np


def batch_norm(z, gamma, beta, eps):
    mean = z.mean(axis=0)
    if z.dtype.kind == "f":
        z -= mean
        centred = z
    else:
        centred = z - mean
    var = np.mean(centred**2, axis=0)
    return gamma * centred / np.sqrt(var + eps) + beta, mean, var
