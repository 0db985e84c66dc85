"""cell fit_one_hot, breaks test_fit_one_hot: orders the columns as the categories appear."""

import numpy as np


def fit_one_hot(values_train):
    categories = np.array(list(dict.fromkeys(values_train.tolist())))

    def encode(values):
        return (values[:, None] == categories).astype(int)

    return encode
