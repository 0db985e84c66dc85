"""cell signal_sizes, breaks test_signal_sizes: averages the deviations of the neurons."""

import numpy as np


def signal_sizes(x, weights, activation):
    sizes = [np.mean(np.std(x, axis=0))]
    for w in weights:
        z = x @ w.T
        x = activation(z)
        sizes.append(np.mean(np.std(x, axis=0)))
    return np.array(sizes)
