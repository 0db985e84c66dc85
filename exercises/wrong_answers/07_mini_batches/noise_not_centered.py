"""cell noise, breaks test_noise: forgets to take the full gradient away."""

import numpy as np


def noise(G, batch_size):
    N = len(G)
    if batch_size == N:
        return 0.0
    one = np.mean(np.sum(G.astype(float) ** 2, axis=1))
    return one / batch_size * (N - batch_size) / (N - 1)
