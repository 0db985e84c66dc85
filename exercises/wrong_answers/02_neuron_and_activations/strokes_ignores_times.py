"""cell strokes, breaks test_strokes: takes every stroke to last one unit of time."""

import numpy as np


def strokes(times, points):
    velocity = np.diff(points, axis=0)
    rest = np.zeros((1, points.shape[1]))
    return np.diff(np.vstack([rest, velocity, rest]), axis=0), points[0]
