"""cell fit_scaler, breaks test_fit_scaler: scales the rows by their own mean and deviation."""

import numpy as np


def fit_scaler(x_train):
    def scale(x):
        constant = x.max(axis=0) == x.min(axis=0)
        return (x - x.mean(axis=0)) / np.where(constant, 1, x.std(axis=0))

    return scale
