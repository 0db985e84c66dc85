"""cell batch_norm_test, breaks test_batch_norm_test: returns a table for a single example too."""

import numpy as np


def batch_norm_test(z, gamma, beta, running_mean, running_var, eps):
    return np.atleast_2d(gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta)
