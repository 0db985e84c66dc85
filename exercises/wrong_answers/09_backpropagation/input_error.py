"""cell input_gradient, breaks test_input_gradient: begins with softmax minus c, as in training."""

import numpy as np


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def input_gradient(x, c, weights, biases, act, slope):
    z = []
    for w, b in zip(weights, biases, strict=True):
        z.append((act(z[-1]) if z else x) @ w.T + b)
    delta = (probabilities(z[-1]) - c) @ weights[-1]
    for w, sums in zip(reversed(weights[:-1]), reversed(z[:-1]), strict=True):
        delta = (delta * slope(sums)) @ w
    return delta
