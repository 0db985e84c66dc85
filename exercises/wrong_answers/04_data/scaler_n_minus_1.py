"""cell fit_scaler, breaks test_fit_scaler: divides by N - 1 in the variance."""

import numpy as np


def fit_scaler(x_train):
    mean = x_train.mean(axis=0)
    constant = x_train.max(axis=0) == x_train.min(axis=0)
    deviation = np.where(constant, 1, x_train.std(axis=0) * np.sqrt(len(x_train) / max(len(x_train) - 1, 1)))

    def scale(x):
        return (x - mean) / deviation

    return scale
