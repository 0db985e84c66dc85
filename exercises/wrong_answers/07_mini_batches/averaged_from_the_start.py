"""cell averaged, breaks test_averaged: the mean of all points from the start on."""

import numpy as np


def averaged(path):
    return np.array([path[: t + 1].mean(axis=0) for t in range(len(path))])
