"""cell half_plane, breaks nothing: the singular vector for 0 of the two equations, scaled as it comes."""

import numpy as np


def half_plane(p, q, inside):
    equations = [[p[0], p[1], 1.0], [q[0], q[1], 1.0]]
    w1, w2, b = np.linalg.svd(equations)[2][-1]
    if w1 * inside[0] + w2 * inside[1] + b < 0:
        w1, w2, b = -w1, -w2, -b
    return [w1, w2], b
