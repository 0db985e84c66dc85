"""cell kernels, breaks test_kernels: blurs with nine equal weights."""

import numpy as np


def kernels():
    smooth, change = np.array([1, 2, 1]) / 4, np.array([-1, 0, 1]) / 2
    right = np.outer(smooth, change)
    curvature = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    return np.stack([right, right.T, np.full((3, 3), 1 / 9), curvature])
