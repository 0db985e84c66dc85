"""cell numerical_gradient, breaks test_numerical_gradient: two axes at most."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape[:2]):
        up, down = theta.astype(float), theta.astype(float)
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient
