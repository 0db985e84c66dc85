"""cell scale, breaks test_scale: divides by 0 where a pixel never changes."""

import numpy as np


def scale(x_train, x_new):
    with np.errstate(all="ignore"):
        mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
        return (x_train - mean) / deviation, (x_new - mean) / deviation
