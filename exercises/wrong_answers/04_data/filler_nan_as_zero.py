"""cell fit_filler, breaks test_fit_filler: counts a missing value as 0 in the mean."""

import numpy as np


def fit_filler(x_train):
    known = ~np.isnan(x_train)
    total = np.where(known, x_train, 0).sum(axis=0)
    means = total / len(x_train)

    def fill(x):
        return np.where(np.isnan(x), means, x)

    return fill
