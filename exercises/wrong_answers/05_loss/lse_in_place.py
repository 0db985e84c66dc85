"""cell log_sum_exp, breaks test_log_sum_exp: shifts the scores of the caller."""

import numpy as np


def log_sum_exp(z):
    highest = z.max(axis=1)
    z -= highest[:, None]
    return highest + np.log(np.exp(z).sum(axis=1))
