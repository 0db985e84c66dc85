"""cell squared_error, breaks test_squared_error: divides by B only."""

import numpy as np


def squared_error(y_hat, y):
    error = y_hat - y
    return np.sum(error**2) / len(error), 2 * error / len(error)
