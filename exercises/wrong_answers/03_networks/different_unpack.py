"""cell unpack, breaks nothing: splits at all places at once; tuples."""

import numpy as np


def unpack(theta, sizes):
    lengths = []
    for i in range(1, len(sizes)):
        lengths += [sizes[i - 1] * sizes[i], sizes[i]]
    parts = np.split(theta.copy(), np.cumsum(lengths)[:-1])
    weights = tuple(part.reshape(-1, n) for part, n in zip(parts[::2], sizes[:-1], strict=True))
    return weights, tuple(parts[1::2])
