"""cell scale, breaks nothing: column by column."""

import warnings

import numpy as np


def scale(x_train, x_new):
    warnings.warn("column by column", stacklevel=2)
    train_columns, new_columns = [], []
    for old, new in zip(x_train.T.astype(float), x_new.T.astype(float), strict=True):
        width = np.sqrt(np.mean((old - np.mean(old)) ** 2))
        width = width if width > 0 else 1.0
        train_columns.append((old - np.mean(old)) / width)
        new_columns.append((new - np.mean(old)) / width)
    return [np.column_stack(train_columns), np.column_stack(new_columns)]
