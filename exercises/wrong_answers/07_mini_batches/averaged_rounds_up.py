"""cell averaged, breaks test_averaged: begins at the half rounded up."""

import numpy as np


def averaged(path):
    return np.array([path[(t + 1) // 2 : t + 1].mean(axis=0) for t in range(len(path))])
