"""cell batch_norm, breaks nothing: column by column, and a harmless warning."""

import warnings

import numpy as np


def batch_norm(z, gamma, beta, eps):
    warnings.warn("batch_norm was called", stacklevel=2)
    rows, m = z.shape
    u, mean, var = np.empty((rows, m)), np.empty(m), np.empty(m)
    for j in range(m):
        mean[j] = np.sum(z[:, j]) / rows
        away = z[:, j] - mean[j]
        var[j] = away @ away / rows
        u[:, j] = beta[j] + away * (gamma[j] / (var[j] + eps) ** 0.5)
    return [u, mean, var]
