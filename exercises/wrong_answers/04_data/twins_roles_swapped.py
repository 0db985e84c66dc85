"""cell twins, breaks test_twins: looks for the closest test row of each training row."""

import numpy as np


def twins(x_train, x_test, limit):
    found = np.full(len(x_train), -1)
    rows = x_test.astype(float)
    for i, row in enumerate(x_train.astype(float)):
        distances = np.sqrt(np.sum((rows - row) ** 2, axis=1))
        if distances.min() <= limit:
            found[i] = distances.argmin()
    return found
