"""cell kernels, breaks test_kernels: blurs with negative corners."""

import numpy as np


def kernels():
    smooth, change = np.array([1, 2, 1]) / 4, np.array([-1, 0, 1]) / 2
    right = np.outer(smooth, change)
    curvature = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    return np.stack([right, right.T, np.array([[-1, 1, -1], [1, 8, 1], [-1, 1, -1]]) / 8, curvature])
