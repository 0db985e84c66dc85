"""cell max_pool_backward, breaks test_max_pool_backward: one picture with one channel."""

import numpy as np


def max_pool_backward(delta, x, k, stride):
    dx = np.zeros(x.shape)
    for u, v in np.ndindex(*delta.shape[2:]):
        window = x[0, 0, stride * u : stride * u + k, stride * v : stride * v + k]
        i, j = divmod(int(window.argmax()), k)
        dx[0, 0, stride * u + i, stride * v + j] += delta[0, 0, u, v]
    return dx
