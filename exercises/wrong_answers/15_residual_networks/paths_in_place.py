"""cell paths, breaks test_paths: multiplies inside of the Jacobians."""

import numpy as np


def paths(jacobians):
    n, m, _ = jacobians.shape
    sums = np.zeros((n + 1, m, m))
    sums[0] = np.eye(m)
    for A in jacobians:
        sums[1:] = sums[1:] + A @ sums[:-1]
        A *= 0
    return sums
