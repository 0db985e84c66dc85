"""cell output_error, breaks test_output_error: subtracts 1 in the array of the caller."""

import numpy as np


def output_error(y_hat, y):
    y_hat[np.arange(len(y)), y] -= 1
    return y_hat / len(y)
