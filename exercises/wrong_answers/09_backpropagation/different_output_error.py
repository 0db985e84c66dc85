"""cell output_error, breaks nothing: a loop over the rows, with a harmless warning."""

import warnings

import numpy as np


def output_error(y_hat, y):
    warnings.warn("slow, but right", stacklevel=2)
    delta = []
    for p, label in zip(y_hat, y, strict=True):
        delta.append([(p[k] - (1.0 if k == label else 0.0)) / len(y) for k in range(len(p))])
    return np.array(delta)
