"""cell output_error, breaks test_output_error: multiplies by the slope y_hat (1 - y_hat), as for a squared error."""

import numpy as np


def output_error(y_hat, y):
    return (y_hat - np.eye(y_hat.shape[1])[y]) * y_hat * (1 - y_hat) / len(y)
