"""cell twins, breaks test_twins: takes the numbers for 8-bit pixels and rounds fractions away."""

import numpy as np


def twins(x_train, x_test, limit):
    found = np.full(len(x_test), -1)
    rows = x_train.astype(np.uint8).astype(int)
    for i, row in enumerate(x_test.astype(np.uint8).astype(int)):
        distances = np.sqrt(np.sum((rows - row) ** 2, axis=1))
        if distances.min() <= limit:
            found[i] = distances.argmin()
    return found
