"""cell squared_error, breaks test_squared_error: divides the gradient by B only."""

import numpy as np


def squared_error(y_hat, y):
    error = y_hat - y
    return np.mean(error**2), 2 * error / len(error)
