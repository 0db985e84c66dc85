"""cell max_pool_backward, breaks nothing: plain loops, one pixel after the other."""

import numpy as np


def max_pool_backward(delta, x, k, stride):
    dx = np.zeros(x.shape)
    for n, c, u, v in np.ndindex(*delta.shape):
        place = stride * u, stride * v
        for i in range(k):
            for j in range(k):
                if x[n, c, stride * u + i, stride * v + j] > x[n, c, *place]:
                    place = stride * u + i, stride * v + j
        dx[n, c, *place] += delta[n, c, u, v]
    return dx
