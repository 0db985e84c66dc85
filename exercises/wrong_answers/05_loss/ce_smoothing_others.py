"""cell cross_entropy, breaks test_cross_entropy: spreads eps over the other classes only."""

import numpy as np


def cross_entropy(z, lse, y, eps):
    log_p = z - lse[:, None]
    true_class = log_p[np.arange(len(y)), y]
    return -np.mean((1 - eps) * true_class + eps * (log_p.sum(axis=1) - true_class) / max(log_p.shape[1] - 1, 1))
