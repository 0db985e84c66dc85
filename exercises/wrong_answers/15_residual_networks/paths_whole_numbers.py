"""cell paths, breaks test_paths: keeps the type of the Jacobians and cuts fractions off."""

import numpy as np


def paths(jacobians):
    n, m, _ = jacobians.shape
    sums = np.zeros((n + 1, m, m), dtype=int)
    sums[0] = np.eye(m)
    for A in jacobians:
        sums[1:] = sums[1:] + A @ sums[:-1]
    return sums
