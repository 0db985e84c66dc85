"""cell log_sum_exp, breaks test_log_sum_exp: sums over the columns of the batch."""

import numpy as np


def log_sum_exp(z):
    highest = z.max(axis=0)
    return highest + np.log(np.exp(z - highest).sum(axis=0))
