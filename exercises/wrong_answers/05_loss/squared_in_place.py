"""cell squared_error, breaks test_squared_error: subtracts from the predictions of the caller."""

import numpy as np


def squared_error(y_hat, y):
    y_hat -= y
    return np.mean(y_hat**2), 2 * y_hat / y_hat.size
