"""cell strokes, breaks test_strokes: one neuron too few: there is none that starts the pen."""

import numpy as np


def strokes(times, points):
    velocity = np.diff(points, axis=0) / np.diff(times)[:, None]
    rest = np.zeros((1, points.shape[1]))
    return np.diff(np.vstack([velocity, rest]), axis=0), points[0]
