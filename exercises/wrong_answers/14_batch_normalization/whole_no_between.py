"""cell whole_set, breaks test_whole_set: averages the variances and forgets how far the batches are apart."""

import numpy as np


def whole_set(means, variances, sizes):
    share = sizes / np.sum(sizes)
    mean = share @ means
    return mean, share @ variances
