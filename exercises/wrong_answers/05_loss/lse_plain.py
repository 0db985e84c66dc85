"""cell log_sum_exp, breaks test_log_sum_exp: the formula as it stands, which overflows."""

import numpy as np


def log_sum_exp(z):
    return np.log(np.exp(z).sum(axis=1))
