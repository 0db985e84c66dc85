"""cell batch_norm, breaks test_batch_norm: takes mean and variance over the neurons of each row."""

import numpy as np


def batch_norm(z, gamma, beta, eps):
    mean = z.mean(axis=1, keepdims=True)
    var = np.mean((z - mean) ** 2, axis=1, keepdims=True)
    u = gamma * (z - mean) / np.sqrt(var + eps) + beta
    return u, mean, var
