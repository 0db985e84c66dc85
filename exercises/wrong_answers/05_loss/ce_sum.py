"""cell cross_entropy, breaks test_cross_entropy: sums over the batch instead of taking the mean."""

import numpy as np


def cross_entropy(z, lse, y, eps):
    log_p = z - lse[:, None]
    true_class = log_p[np.arange(len(y)), y]
    return -np.sum((1 - eps) * true_class + eps * log_p.mean(axis=1))
