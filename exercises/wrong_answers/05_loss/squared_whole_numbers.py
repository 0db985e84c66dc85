"""cell squared_error, breaks test_squared_error: divides in whole numbers if the tables hold integers."""

import numpy as np


def squared_error(y_hat, y):
    error = y_hat - y
    return np.mean(error**2), 2 * error // error.size if error.dtype.kind == "i" else 2 * error / error.size
