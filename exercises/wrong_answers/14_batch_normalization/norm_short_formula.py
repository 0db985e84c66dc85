"""cell batch_norm, breaks test_batch_norm: mean of the squares minus square of the mean: fails far from 0."""

import numpy as np


def batch_norm(z, gamma, beta, eps):
    mean = z.mean(axis=0)
    var = np.maximum(np.mean(1.0 * z**2, axis=0) - mean**2, 0)
    u = gamma * (z - mean) / np.sqrt(var + eps) + beta
    return u, mean, var
