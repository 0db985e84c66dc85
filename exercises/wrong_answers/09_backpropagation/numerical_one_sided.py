"""cell numerical_gradient, breaks test_numerical_gradient: a one-sided difference."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        up = theta.astype(float)
        up[index] += h
        gradient[index] = (f(up) - f(theta)) / h
    return gradient
