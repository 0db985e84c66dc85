"""cell split, breaks test_split: takes its chance from a new generator instead of rng."""

import numpy as np


def split(x, y, sizes, rng):
    order = np.random.default_rng().permutation(len(x))
    ends = np.cumsum(sizes)
    return [(x[order[end - size : end]], y[order[end - size : end]]) for size, end in zip(sizes, ends, strict=True)]
