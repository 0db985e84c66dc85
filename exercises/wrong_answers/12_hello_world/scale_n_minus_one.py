"""cell scale, breaks test_scale: divides the squares by N - 1."""

import numpy as np


def scale(x_train, x_new):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0, ddof=1 if len(x_train) > 1 else 0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (x_train - mean) / deviation, (x_new - mean) / deviation
