"""cell strokes, breaks nothing: from the first to the last, one coordinate after the other; lists."""

import numpy as np


def strokes(times, points):
    n, d = points.shape
    v = [[0.0] * d for _ in range(n)]
    for j in range(d):
        speed = 0.0
        for i in range(n):
            new = 0.0
            if i + 1 < n:
                new = (points[i + 1, j] - points[i, j]) / (times[i + 1] - times[i])
            v[i][j] = new - speed
            speed = new
    return np.array(v), np.array(points[0], dtype=float)
