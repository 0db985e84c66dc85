"""cell split, breaks test_split: only the first part is drawn by chance, the others are cut in order."""

import numpy as np


def split(x, y, sizes, rng):
    order = rng.permutation(len(x))[: sizes[0]]
    order = np.concatenate([order, np.setdiff1d(np.arange(len(x)), order)])
    ends = np.cumsum(sizes)
    return [(x[order[end - size : end]], y[order[end - size : end]]) for size, end in zip(sizes, ends, strict=True)]
