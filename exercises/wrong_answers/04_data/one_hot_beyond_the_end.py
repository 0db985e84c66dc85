"""cell fit_one_hot, breaks test_fit_one_hot: searches an unknown value beyond the last category and fails."""

import numpy as np


def fit_one_hot(values_train):
    categories = np.unique(values_train)

    def encode(values):
        places = np.searchsorted(categories, values)
        return np.eye(len(categories))[places] * (categories[places] == values)[:, None]

    return encode
