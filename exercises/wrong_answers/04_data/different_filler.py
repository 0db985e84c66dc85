"""cell fit_filler, breaks nothing: loops, and numpy.nanmean, whose warning about an empty column is no fault."""

import warnings

import numpy as np


def fit_filler(x_train):
    means = np.nan_to_num(np.nanmean(x_train, axis=0))
    warnings.warn("means computed", stacklevel=2)

    def fill(x):
        result = np.array(x, dtype=float)
        for i, j in zip(*np.nonzero(np.isnan(x)), strict=True):
            result[i, j] = means[j]
        return result

    return fill
