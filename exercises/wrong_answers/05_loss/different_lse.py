"""cell log_sum_exp, breaks nothing: numpy.logaddexp, one column after the other."""

import numpy as np


def log_sum_exp(z):
    return np.logaddexp.reduce(z, axis=1)
