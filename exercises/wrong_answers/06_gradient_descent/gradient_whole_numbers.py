"""cell numerical_gradient, breaks test_numerical_gradient: copies of an integer theta are integers: h is lost."""

import numpy as np


def numerical_gradient(loss, theta, h=1e-5):
    g = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        ahead, behind = theta.copy(), theta.copy()
        ahead[i] = ahead[i] + h
        behind[i] = behind[i] - h
        g[i] = (loss(ahead) - loss(behind)) / (2 * h)
    return g
