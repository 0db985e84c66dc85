"""cell batch_norm, breaks test_batch_norm: divides the variance by B - 1."""

import numpy as np


def batch_norm(z, gamma, beta, eps):
    mean = z.mean(axis=0)
    var = np.sum((z - mean) ** 2, axis=0) / max(1, len(z) - 1)
    u = gamma * (z - mean) / np.sqrt(var + eps) + beta
    return u, mean, var
