"""cell output_error, breaks test_output_error: target minus prediction."""

import numpy as np


def output_error(y_hat, y):
    return (np.eye(y_hat.shape[1])[y] - y_hat) / len(y)
