"""cell log_sum_exp, breaks test_log_sum_exp: takes one largest score for the whole batch."""

import numpy as np


def log_sum_exp(z):
    return z.max() + np.log(np.exp(z - z.max()).sum(axis=1))
