"""cell numerical_gradient, breaks test_numerical_gradient: moves theta forth and back; rounding stays."""

import numpy as np


def numerical_gradient(loss, theta, h=1e-5):
    point = theta if theta.dtype.kind == "f" else theta.astype(float)
    g = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        point[i] += h
        ahead = loss(point)
        point[i] -= 2 * h
        g[i] = (ahead - loss(point)) / (2 * h)
        point[i] += h
    return g
