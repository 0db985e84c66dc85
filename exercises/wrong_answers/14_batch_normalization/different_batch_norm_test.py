"""cell batch_norm_test, breaks nothing: one factor and one shift for each neuron."""

import numpy as np


def batch_norm_test(z, gamma, beta, running_mean, running_var, eps):
    factor = np.asarray(gamma) * (running_var + eps) ** -0.5
    shift = beta - factor * running_mean
    return z * factor + shift
