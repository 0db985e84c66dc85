"""cell fit_filler, breaks test_fit_filler: fills the rows of the caller in place."""

import numpy as np


def fit_filler(x_train):
    known = ~np.isnan(x_train)
    total = np.where(known, x_train, 0).sum(axis=0)
    means = total / np.maximum(known.sum(axis=0), 1)

    def fill(x):
        x[:] = np.where(np.isnan(x), means, x)
        return x

    return fill
