"""cell fold, breaks test_fold: adds the running mean."""

import numpy as np


def fold(w, b, gamma, beta, running_mean, running_var, eps):
    factor = gamma / np.sqrt(running_var + eps)
    return factor[:, None] * w, factor * (b + running_mean) + beta
