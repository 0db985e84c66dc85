"""cell whole_set, breaks test_whole_set: takes the mean away from the caller's means."""

import numpy as np


def whole_set(means, variances, sizes):
    share = sizes / np.sum(sizes)
    mean = share @ means
    means -= mean
    return mean, share @ (variances + means**2)
