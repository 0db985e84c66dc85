"""cell numerical_gradient, breaks test_numerical_gradient: behind minus ahead."""

import numpy as np


def numerical_gradient(loss, theta, h=1e-5):
    g = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        ahead, behind = theta.astype(float), theta.astype(float)
        ahead[i] += h
        behind[i] -= h
        g[i] = (loss(behind) - loss(ahead)) / (2 * h)
    return g
