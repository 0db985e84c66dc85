"""cell averaged, breaks test_averaged: the means of a path of whole numbers are cut."""

import numpy as np


def averaged(path):
    return np.array([path[t // 2 : t + 1].mean(axis=0) for t in range(len(path))]).astype(path.dtype)
