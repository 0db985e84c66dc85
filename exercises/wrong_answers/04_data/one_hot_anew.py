"""cell fit_one_hot, breaks test_fit_one_hot: finds the categories of the rows that it is given."""

import numpy as np


def fit_one_hot(values_train):
    def encode(values):
        return (values[:, None] == np.unique(values)).astype(int)

    return encode
