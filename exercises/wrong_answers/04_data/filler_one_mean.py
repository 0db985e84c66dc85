"""cell fit_filler, breaks test_fit_filler: takes one mean over the whole table."""

import numpy as np


def fit_filler(x_train):
    known = ~np.isnan(x_train)
    total = np.full(x_train.shape[1], np.where(known, x_train, 0).sum())
    means = total / max(known.sum(), 1)

    def fill(x):
        return np.where(np.isnan(x), means, x)

    return fill
