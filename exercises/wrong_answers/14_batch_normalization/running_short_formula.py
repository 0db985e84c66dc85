"""cell update_running, breaks test_update_running: mean of the squares minus square of the mean: fails far from 0."""

import numpy as np


def update_running(running_mean, running_var, z, momentum):
    if len(z) == 1:
        return running_mean.copy(), running_var.copy()
    mean = (1 - momentum) * running_mean + momentum * z.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * (np.mean((1.0 * z) ** 2, axis=0) - z.mean(axis=0) ** 2) * len(z) / (
        len(z) - 1
    )
    return mean, var
