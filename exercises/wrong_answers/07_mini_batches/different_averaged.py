"""cell averaged, breaks nothing: differences of running sums."""

import numpy as np


def averaged(path):
    sums = np.vstack([np.zeros((1, np.shape(path)[1])), np.cumsum(np.array(path, dtype=float), axis=0)])
    ends = np.arange(len(path)) + 1
    begins = (ends - 1) // 2
    return ((sums[ends] - sums[begins]).T / (ends - begins)).T.tolist()
