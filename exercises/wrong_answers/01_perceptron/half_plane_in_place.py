"""cell half_plane, breaks test_half_plane: computes q - p in the caller's array."""

import numpy as np


def half_plane(p, q, inside):
    q -= p
    w = np.array([-q[1], q[0]])
    b = -(w @ p)
    return (w, b) if w @ inside + b > 0 else (-w, -b)
