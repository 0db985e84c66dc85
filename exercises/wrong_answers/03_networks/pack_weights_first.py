"""cell pack, breaks test_pack: all weights first, then all biases."""

import numpy as np


def pack(weights, biases):
    return np.concatenate([part.ravel() for part in [*weights, *biases]])
