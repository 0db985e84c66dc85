"""cell fit_one_hot, breaks test_fit_one_hot: gives unknown values a column of their own."""

import numpy as np


def fit_one_hot(values_train):
    categories = np.unique(values_train)

    def encode(values):
        known = values[:, None] == categories
        return np.column_stack([known, ~known.any(axis=1)]).astype(int)

    return encode
