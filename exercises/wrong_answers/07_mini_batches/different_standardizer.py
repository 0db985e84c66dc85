"""cell standardizer, breaks nothing: feature by feature, for lists too, with warnings."""

import warnings

import numpy as np

warnings.warn("a harmless warning", stacklevel=1)


def standardizer(x):
    means, divisors = [], []
    for column in np.array(x, dtype=float).T:
        means.append(sum(column.tolist()) / len(column))
        if np.all(column == column[0]):
            divisors.append(1.0)
        else:
            divisors.append(float(np.sqrt(np.sum((column - means[-1]) ** 2) / len(column))))

    def scale(new):
        warnings.warn("scaling", stacklevel=1)
        return np.divide(np.subtract(np.array(new, dtype=float), means), divisors)

    return scale
