"""cell half_plane, breaks test_half_plane: uses the slope of the line, which a vertical line does not have."""

import numpy as np


def half_plane(p, q, inside):
    slope = (q[1] - p[1]) / (q[0] - p[0])
    w, b = np.array([-slope, 1.0]), slope * p[0] - p[1]
    return (w, b) if w @ inside + b > 0 else (-w, -b)
