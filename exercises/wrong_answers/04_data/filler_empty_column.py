"""cell fit_filler, breaks test_fit_filler: divides by 0 in a column without any known value."""

import numpy as np


def fit_filler(x_train):
    known = ~np.isnan(x_train)
    total = np.where(known, x_train, 0).sum(axis=0)
    means = total / known.sum(axis=0)

    def fill(x):
        return np.where(np.isnan(x), means, x)

    return fill
