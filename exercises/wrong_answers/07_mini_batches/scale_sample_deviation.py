"""cell standardizer, breaks test_standardizer: divides by N - 1 in the deviation."""

import numpy as np


def standardizer(x):
    mean = x.mean(axis=0)
    deviation = np.where(x.max(axis=0) == x.min(axis=0), 1, np.sqrt(((x - mean) ** 2).sum(axis=0) / max(len(x) - 1, 1)))
    return lambda new: (new - mean) / deviation
