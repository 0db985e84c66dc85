"""cell whole_set, breaks test_whole_set: counts all batches alike."""

import numpy as np


def whole_set(means, variances, sizes):
    share = np.full(len(sizes), 1 / len(sizes))
    mean = share @ means
    return mean, share @ (variances + (means - mean) ** 2)
