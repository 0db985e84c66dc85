"""cell pack, breaks test_pack: takes the biases out of the list that it was given."""

import numpy as np


def pack(weights, biases):
    parts = []
    for W in weights:
        parts += [W.ravel(), biases[0].copy()]
        biases[0][:] = 0
        biases.append(biases.pop(0))
    return np.concatenate(parts)
