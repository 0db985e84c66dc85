"""cell pack, breaks test_pack: each W column by column."""

import numpy as np


def pack(weights, biases):
    return np.concatenate([part.T.ravel() for pair in zip(weights, biases, strict=True) for part in pair])
