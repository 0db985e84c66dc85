"""cell numerical_gradient, breaks test_numerical_gradient: moves all entries together."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    return np.full(theta.shape, (f(theta + h) - f(theta - h)) / (2 * h))
