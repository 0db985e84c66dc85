"""cell fold, breaks test_fold: hard-coded: eps = 1 and two neurons."""

import numpy as np


def fold(w, b, gamma, beta, running_mean, running_var, eps):
    factor = (gamma / np.sqrt(running_var + 1))[:2]
    return factor[:, None] * w, factor * (b - running_mean) + beta
