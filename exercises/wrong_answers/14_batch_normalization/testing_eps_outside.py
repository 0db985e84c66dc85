"""cell batch_norm_test, breaks test_batch_norm_test: adds eps to the root instead of under it."""

import numpy as np


def batch_norm_test(z, gamma, beta, running_mean, running_var, eps):
    return gamma * (z - running_mean) / (np.sqrt(running_var) + eps) + beta
