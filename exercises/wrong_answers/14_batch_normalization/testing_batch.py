"""cell batch_norm_test, breaks test_batch_norm_test: uses the statistics of the batch."""

import numpy as np


def batch_norm_test(z, gamma, beta, running_mean, running_var, eps):
    return gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps) + beta
