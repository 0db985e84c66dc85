"""cell noise, breaks test_noise: the formula for drawing with replacement."""

import numpy as np


def noise(G, batch_size):
    N = len(G)
    if batch_size == N:
        return 0.0
    one = np.mean(np.sum((G - G.mean(axis=0)) ** 2, axis=1))
    return one / batch_size
