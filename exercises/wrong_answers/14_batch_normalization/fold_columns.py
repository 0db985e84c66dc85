"""cell fold, breaks test_fold: scales the columns of the weights, not the rows."""

import numpy as np


def fold(w, b, gamma, beta, running_mean, running_var, eps):
    factor = gamma / np.sqrt(running_var + eps)
    return w * np.resize(factor, w.shape[1]), factor * (b - running_mean) + beta
