"""cell output_error, breaks test_output_error: the 1/N is missing."""

import numpy as np


def output_error(y_hat, y):
    return y_hat - np.eye(y_hat.shape[1])[y]
