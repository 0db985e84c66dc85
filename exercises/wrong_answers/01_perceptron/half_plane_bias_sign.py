"""cell half_plane, breaks test_half_plane: the bias has the wrong sign: the line lies beyond the origin."""

import numpy as np


def half_plane(p, q, inside):
    w = np.array([p[1] - q[1], q[0] - p[0]])
    b = w @ p
    return (w, b) if w @ inside + b > 0 else (-w, -b)
