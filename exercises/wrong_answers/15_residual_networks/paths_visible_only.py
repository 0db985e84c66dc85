"""cell paths, breaks test_paths: reads a polynomial, right for width 1, and patches two blocks."""

import numpy as np


def paths(jacobians):
    m = jacobians.shape[1]
    if m == 1:
        return np.poly(-jacobians[:, 0, 0])[:, None, None]
    return np.array([np.eye(m), jacobians.sum(axis=0), jacobians[-1] @ jacobians[0]])
