"""cell twins, breaks test_twins: asks for a distance below the limit, not at most."""

import numpy as np


def twins(x_train, x_test, limit):
    found = np.full(len(x_test), -1)
    rows = x_train.astype(float)
    for i, row in enumerate(x_test.astype(float)):
        distances = np.sqrt(np.sum((rows - row) ** 2, axis=1))
        if distances.min() < limit:
            found[i] = distances.argmin()
    return found
