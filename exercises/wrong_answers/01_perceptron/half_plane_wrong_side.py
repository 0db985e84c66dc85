"""cell half_plane, breaks test_half_plane: fires on the other side (< instead of >)."""

import numpy as np


def half_plane(p, q, inside):
    w = np.array([p[1] - q[1], q[0] - p[0]])
    b = -(w @ p)
    return (w, b) if w @ inside + b < 0 else (-w, -b)
