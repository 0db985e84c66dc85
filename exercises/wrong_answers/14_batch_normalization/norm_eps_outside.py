"""cell batch_norm, breaks test_batch_norm: adds eps to the root instead of under it."""

import numpy as np


def batch_norm(z, gamma, beta, eps):
    mean = z.mean(axis=0)
    var = np.mean((z - mean) ** 2, axis=0)
    u = gamma * (z - mean) / (np.sqrt(var) + eps) + beta
    return u, mean, var
