"""cell numerical_gradient, breaks test_numerical_gradient: moves in the caller's array and does not move back."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    theta = np.asarray(theta)
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        theta[index] += h
        high = f(theta)
        theta[index] -= 2 * h
        gradient[index] = (high - f(theta)) / (2 * h)
    return gradient
