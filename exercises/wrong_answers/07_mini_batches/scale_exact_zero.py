"""cell standardizer, breaks test_standardizer: asks whether the computed s is exactly 0, which rounding may prevent."""

import numpy as np


def standardizer(x):
    mean = x.mean(axis=0)
    deviation = np.where(x.std(axis=0) == 0, 1, x.std(axis=0))
    return lambda new: (new - mean) / deviation
