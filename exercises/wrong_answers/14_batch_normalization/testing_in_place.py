"""cell batch_norm_test, breaks test_batch_norm_test: works in the caller's array."""

import numpy as np


def batch_norm_test(z, gamma, beta, running_mean, running_var, eps):
    if z.dtype.kind != "f":
        z = z.astype(float)
    z -= running_mean
    return gamma * z / np.sqrt(running_var + eps) + beta
