"""cell whole_set, breaks test_whole_set: mean of the squares minus square of the mean: fails far from 0."""

import numpy as np


def whole_set(means, variances, sizes):
    share = sizes / np.sum(sizes)
    mean = share @ means
    return mean, share @ (variances + means**2) - mean**2
