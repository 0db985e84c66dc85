"""cell signal_sizes, breaks test_signal_sizes: writes the signals into the array of the inputs where they fit."""

import numpy as np


def signal_sizes(x, weights, activation):
    sizes = [np.std(x)]
    a = x
    for w in weights:
        z = a @ w.T
        if z.shape == x.shape:
            x[...] = activation(z)
            a = x
        else:
            a = activation(z)
        sizes.append(np.std(a))
    return np.array(sizes)
