"""cell log_sum_exp, breaks test_log_sum_exp: for large scores it counts only those equal to the largest."""

import numpy as np


def log_sum_exp(z):
    if np.abs(z).max() < 700:
        return np.log(np.exp(z).sum(axis=1))
    return z.max(axis=1) + np.log((z == z.max(axis=1, keepdims=True)).sum(axis=1))
