"""cell max_pool_backward, breaks test_max_pool_backward: marks the winners in x."""

import numpy as np


def max_pool_backward(delta, x, k, stride):
    dx = np.zeros(x.shape)
    images, channels = np.indices(x.shape[:2])
    for u, v in np.ndindex(*delta.shape[2:]):
        window = x[:, :, stride * u : stride * u + k, stride * v : stride * v + k]
        i, j = np.divmod(window.reshape(*x.shape[:2], k * k).argmax(axis=2), k)
        dx[images, channels, stride * u + i, stride * v + j] += delta[:, :, u, v]
        x[images, channels, stride * u + i, stride * v + j] += 1
    return dx
