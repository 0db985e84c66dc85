"""cell whole_set, breaks test_whole_set: divides by N - 1."""

import numpy as np


def whole_set(means, variances, sizes):
    share = sizes / np.sum(sizes)
    mean = share @ means
    return mean, share @ (variances + (means - mean) ** 2) * np.sum(sizes) / max(1, np.sum(sizes) - 1)
