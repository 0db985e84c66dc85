"""cell noise, breaks test_noise: the mean over the entries of the gradient, not their sum."""

import numpy as np


def noise(G, batch_size):
    N = len(G)
    if batch_size == N:
        return 0.0
    one = np.mean((G - G.mean(axis=0)) ** 2)
    return one / batch_size * (N - batch_size) / (N - 1)
