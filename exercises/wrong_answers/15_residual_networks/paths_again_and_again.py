"""cell paths, breaks test_paths: passes one body several times, since it overwrites the shorter lengths first."""

import numpy as np


def paths(jacobians):
    n, m, _ = jacobians.shape
    sums = np.zeros((n + 1, m, m))
    sums[0] = np.eye(m)
    for A in jacobians:
        for k in range(1, n + 1):
            sums[k] = sums[k] + A @ sums[k - 1]
    return sums
