"""cell numerical_gradient, breaks test_numerical_gradient: a copy of whole numbers cuts the step off."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[index] = theta[index] + h
        down[index] = theta[index] - h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient
