"""cell signal_sizes, breaks test_signal_sizes: lacks the transpose of the weights, where the shapes allow it."""

import numpy as np


def signal_sizes(x, weights, activation):
    sizes = [np.std(x)]
    for w in weights:
        z = x @ (w if w.shape[0] == w.shape[1] else w.T)
        x = activation(z)
        sizes.append(np.std(x))
    return np.array(sizes)
