"""cell cross_entropy, breaks test_cross_entropy: takes the columns y of every row."""

import numpy as np


def cross_entropy(z, lse, y, eps):
    log_p = z - lse[:, None]
    true_class = log_p[:, y].mean(axis=1)
    return -np.mean((1 - eps) * true_class + eps * log_p.mean(axis=1))
