"""cell signal_sizes, breaks test_signal_sizes: takes the root mean square, so the mean counts too."""

import numpy as np


def signal_sizes(x, weights, activation):
    sizes = [np.sqrt(np.mean(x**2))]
    for w in weights:
        z = x @ w.T
        x = activation(z)
        sizes.append(np.sqrt(np.mean(x**2)))
    return np.array(sizes)
