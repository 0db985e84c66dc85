"""cell scale, breaks test_scale: new pictures on their own scale."""

import numpy as np


def scale(x_train, x_new):
    result = []
    for x in (x_train, x_new):
        deviation = x.std(axis=0)
        result.append((x - x.mean(axis=0)) / np.where(deviation == 0, 1, deviation))
    return result
