"""cell fold, breaks nothing: a diagonal matrix from the left, the bias as the answer at 0."""

import numpy as np


def fold(w, b, gamma, beta, running_mean, running_var, eps):
    factor = gamma * (running_var + eps) ** -0.5
    at_zero = gamma * (b - running_mean) / np.sqrt(running_var + eps) + beta
    return np.diag(factor) @ w, at_zero
