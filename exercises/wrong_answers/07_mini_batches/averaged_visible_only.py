"""cell averaged, breaks test_averaged: the means of four points at most, enough for six rows."""

import numpy as np


def averaged(path):
    return np.array([path[max(t // 2, t - 3) : t + 1].mean(axis=0) for t in range(len(path))])
