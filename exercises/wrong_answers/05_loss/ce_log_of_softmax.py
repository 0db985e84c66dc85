"""cell cross_entropy, breaks test_cross_entropy: takes the logarithm of rounded probabilities."""

import numpy as np


def cross_entropy(z, lse, y, eps):
    log_p = np.log(np.exp(z - lse[:, None]))
    true_class = log_p[np.arange(len(y)), y]
    return -np.mean((1 - eps) * true_class + eps * log_p.mean(axis=1))
