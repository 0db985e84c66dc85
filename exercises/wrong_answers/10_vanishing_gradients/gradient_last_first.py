"""cell gradient_sizes, breaks test_gradient_sizes: returns the last layer first."""

import numpy as np


def gradient_sizes(x, weights, activation, slope, grad):
    a, zs = x, []
    for w in weights:
        zs.append(a @ w.T)
        a = activation(zs[-1])
    sizes = []
    for w, z in zip(reversed(weights), reversed(zs), strict=True):
        delta = grad * slope(z)
        sizes.append(np.sqrt(np.mean(delta**2)))
        grad = delta @ w
    return np.array(sizes)
