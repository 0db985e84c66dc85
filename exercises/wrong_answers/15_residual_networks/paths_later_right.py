"""cell paths, breaks test_paths: puts later blocks on the right."""

import numpy as np


def paths(jacobians):
    n, m, _ = jacobians.shape
    sums = np.zeros((n + 1, m, m))
    sums[0] = np.eye(m)
    for A in jacobians:
        sums[1:] = sums[1:] + sums[:-1] @ A
    return sums
