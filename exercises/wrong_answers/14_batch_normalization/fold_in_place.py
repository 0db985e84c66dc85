"""cell fold, breaks test_fold: changes the weights of the caller, who still needs them."""

import numpy as np


def fold(w, b, gamma, beta, running_mean, running_var, eps):
    factor = gamma / np.sqrt(running_var + eps)
    if w.dtype.kind == "f":
        w *= factor[:, None]
    else:
        w = w * factor[:, None]
    return w, factor * (b - running_mean) + beta
