"""cell signal_sizes, breaks test_signal_sizes: measures Z and not A."""

import numpy as np


def signal_sizes(x, weights, activation):
    sizes = [np.std(x)]
    for w in weights:
        z = x @ w.T
        x = activation(z)
        sizes.append(np.std(z))
    return np.array(sizes)
