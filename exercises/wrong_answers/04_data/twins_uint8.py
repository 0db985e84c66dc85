"""cell twins, breaks test_twins: subtracts unsigned integers, which wrap around below 0."""

import numpy as np


def twins(x_train, x_test, limit):
    found = np.full(len(x_test), -1)
    rows = x_train
    for i, row in enumerate(x_test):
        distances = np.sqrt(np.sum((rows - row) ** 2, axis=1))
        if distances.min() <= limit:
            found[i] = distances.argmin()
    return found
