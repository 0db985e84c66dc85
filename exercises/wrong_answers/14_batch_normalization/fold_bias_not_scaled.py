"""cell fold, breaks test_fold: adds the old bias without the factor."""

import numpy as np


def fold(w, b, gamma, beta, running_mean, running_var, eps):
    factor = gamma / np.sqrt(running_var + eps)
    return factor[:, None] * w, b - factor * running_mean + beta
