"""cell fit_scaler, breaks test_fit_scaler: rounds the result to the type of the input."""

import numpy as np


def fit_scaler(x_train):
    mean = x_train.mean(axis=0)
    constant = x_train.max(axis=0) == x_train.min(axis=0)
    deviation = np.where(constant, 1, x_train.std(axis=0))

    def scale(x):
        return ((x - mean) / deviation).astype(x.dtype)

    return scale
