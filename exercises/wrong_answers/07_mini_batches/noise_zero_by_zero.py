"""cell noise, breaks test_noise: 0 / 0 for a single example."""

import numpy as np


def noise(G, batch_size):
    N = len(G)
    one = np.mean(np.sum((G - G.mean(axis=0)) ** 2, axis=1))
    return one / batch_size * (N - batch_size) / np.float64(N - 1)
