"""cell squared_error, breaks test_squared_error: forgets the factor 2 in the gradient."""

import numpy as np


def squared_error(y_hat, y):
    error = y_hat - y
    return np.mean(error**2), error / error.size
