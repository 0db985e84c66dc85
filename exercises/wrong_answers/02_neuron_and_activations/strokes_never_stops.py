"""cell strokes, breaks test_strokes: the last neuron does not stop the pen."""

import numpy as np


def strokes(times, points):
    velocity = np.diff(points, axis=0) / np.diff(times)[:, None]
    rest = np.zeros((1, points.shape[1]))
    return np.diff(np.vstack([rest, velocity, velocity[-1:]]), axis=0), points[0]
