"""cell fit_filler, breaks test_fit_filler: fills with the mean of the rows that it is given."""

import numpy as np


def fit_filler(x_train):
    def fill(x):
        known = ~np.isnan(x)
        means = np.where(known, x, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return np.where(np.isnan(x), means, x)

    return fill
