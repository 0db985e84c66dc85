"""cell noise, breaks test_noise: (N - B) / N in place of (N - B) / (N - 1)."""

import numpy as np


def noise(G, batch_size):
    N = len(G)
    if batch_size == N:
        return 0.0
    one = np.mean(np.sum((G - G.mean(axis=0)) ** 2, axis=1))
    return one / batch_size * (N - batch_size) / N
