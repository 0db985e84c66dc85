"""cell paths, breaks nothing: lists, and one length after the other from the longest down."""

import numpy as np


def paths(jacobians):
    m = jacobians.shape[1]
    sums = [np.eye(m)]
    for A in jacobians:
        longer = [np.zeros((m, m)), *[A.dot(S) for S in sums]]
        sums = [a + b for a, b in zip([*sums, 0], longer, strict=True)]
    return sums
