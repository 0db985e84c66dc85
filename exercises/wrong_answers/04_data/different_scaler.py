"""cell fit_scaler, breaks nothing: column by column in a loop."""

import numpy as np


def fit_scaler(x_train):
    numbers = []
    for column in np.array(x_train, dtype=float).T:
        first = column[0]
        shift = np.sum(column - first) / len(column)
        square = np.sum((column - first - shift) ** 2) / len(column)
        numbers.append((first, shift, 1 / np.sqrt(square) if np.any(column != first) else 1.0))

    def scale(x):
        columns = [(c.astype(float) - f - s) * r for c, (f, s, r) in zip(x.T, numbers, strict=True)]
        return np.stack(columns, axis=1)

    return scale
