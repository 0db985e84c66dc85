"""cell fit_one_hot, breaks nothing: a dictionary from category to column."""

import numpy as np


def fit_one_hot(values_train):
    columns = {value: k for k, value in enumerate(sorted(set(values_train.tolist())))}

    def encode(values):
        table = np.zeros((len(values), len(columns)), dtype=bool)
        for i, value in enumerate(values.tolist()):
            if value in columns:
                table[i, columns[value]] = True
        return table

    return encode
