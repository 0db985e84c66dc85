"""cell fit_one_hot, breaks test_fit_one_hot: sorts the training values in place."""

import numpy as np


def fit_one_hot(values_train):
    values_train.sort()
    categories = np.array(sorted(set(values_train.tolist())))

    def encode(values):
        return (values[:, None] == categories).astype(int)

    return encode
