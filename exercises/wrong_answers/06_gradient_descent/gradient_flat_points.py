"""cell numerical_gradient, breaks test_numerical_gradient: larger matrices reach the loss as one row."""

import numpy as np


def numerical_gradient(loss, theta, h=1e-5):
    g = np.zeros(theta.size)
    for i in range(theta.size):
        e = np.zeros(theta.size)
        e[i] = h
        point = theta.ravel()
        if theta.size <= 2:
            e, point = e.reshape(theta.shape), theta
        g[i] = (loss(point + e) - loss(point - e)) / (2 * h)
    return g.reshape(theta.shape)
