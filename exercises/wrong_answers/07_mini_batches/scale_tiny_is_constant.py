"""cell standardizer, breaks test_standardizer: takes a deviation below 1e-8 for 0."""

import numpy as np


def standardizer(x):
    mean = x.mean(axis=0)
    deviation = np.where(x.std(axis=0) < 1e-8, 1, x.std(axis=0))
    return lambda new: (new - mean) / deviation
