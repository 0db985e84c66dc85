"""cell fit_scaler, breaks test_fit_scaler: mean square minus squared mean, which rounding destroys far from 0."""

import numpy as np


def fit_scaler(x_train):
    mean = x_train.mean(axis=0)
    constant = x_train.max(axis=0) == x_train.min(axis=0)
    deviation = np.where(constant, 1, np.sqrt(np.abs(np.mean(x_train**2.0, axis=0) - mean**2)))

    def scale(x):
        return (x - mean) / deviation

    return scale
