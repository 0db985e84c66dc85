"""cell pack, breaks test_pack: makes integers of all parameters."""

import numpy as np


def pack(weights, biases):
    return np.concatenate([part.ravel().astype(int) for pair in zip(weights, biases, strict=True) for part in pair])
