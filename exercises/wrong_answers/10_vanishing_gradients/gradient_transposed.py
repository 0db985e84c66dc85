"""cell gradient_sizes, breaks test_gradient_sizes: lacks the transpose on the way back, where the shapes allow it."""

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
        grad = delta @ (w.T if w.shape[0] == w.shape[1] else w)
    return np.array(sizes[::-1])
