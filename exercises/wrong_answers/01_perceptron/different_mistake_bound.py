"""cell mistake_bound, breaks nothing: warns when it is defined and when it is called, and divides by zero."""

import warnings

import numpy as np

warnings.warn("a harmless warning", stacklevel=1)


def mistake_bound(x, y, w, b):
    rows = np.column_stack([x, np.ones(len(x))])
    weights = np.append(w, b) / np.linalg.norm(np.append(w, b))
    margins = np.where(y == 1, 1, -1) * (rows @ weights)
    bound = np.float64(np.linalg.norm(rows, axis=1).max()) ** 2 / np.float64(max(margins.min(), 0)) ** 2
    warnings.warn(f"the margin is {margins.min()}", stacklevel=1)
    return bound
