"""cell batch_norm_test, breaks test_batch_norm_test: uses the running statistics for a single example only."""

import numpy as np


def batch_norm_test(z, gamma, beta, running_mean, running_var, eps):
    many = z.ndim == 2 and len(z) > 2
    mean = z.mean(axis=0) if many else running_mean
    var = z.var(axis=0) if many else running_var
    return gamma * (z - mean) / np.sqrt(var + eps) + beta
