"""cell pack, breaks test_pack: packs two layers at most."""

import numpy as np


def pack(weights, biases):
    return np.concatenate([part.ravel() for pair in zip(weights[:2], biases[:2], strict=True) for part in pair])
