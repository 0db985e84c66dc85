"""cell squared_error, breaks nothing: a loop, with sums and a scale."""

import numpy as np


def squared_error(y_hat, y):
    scale = 1 / (y.shape[0] * y.shape[1])
    loss, gradient = 0.0, []
    for a, b in zip(y_hat, y, strict=True):
        loss += float(np.dot(a - b, a - b)) * scale
        gradient.append([2 * scale * float(d) for d in a - b])
    return loss, gradient
