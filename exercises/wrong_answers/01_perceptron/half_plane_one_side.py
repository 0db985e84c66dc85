"""cell half_plane, breaks test_half_plane: pays no attention to the side on which it shall fire."""

import numpy as np


def half_plane(p, q, inside):
    w = np.array([p[1] - q[1], q[0] - p[0]])
    return w, -(w @ p)
