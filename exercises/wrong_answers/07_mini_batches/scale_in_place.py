"""cell standardizer, breaks test_standardizer: scales the array itself where it holds floats."""

import numpy as np


def standardizer(x):
    mean = x.mean(axis=0)
    deviation = np.where(x.max(axis=0) == x.min(axis=0), 1, x.std(axis=0))

    def scale(new):
        if new.dtype.kind != "f":
            new = new.astype(float)
        new -= mean
        new /= deviation
        return new

    return scale
