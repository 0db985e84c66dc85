"""cell averaged, breaks test_averaged: one mean over all parameters."""

import numpy as np


def averaged(path):
    return np.array([path[t // 2 : t + 1].mean() + 0 * path[t] for t in range(len(path))])
