"""cell backprop, breaks test_backprop: each layer gets its own output as its input where it fits."""

import numpy as np


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def mean_loss(z, y):
    top = z.max(axis=1)
    return float(np.mean(top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - z[np.arange(len(y)), y]))


def backprop(x, y, weights, biases, act, slope):
    a, z = [x], []
    for w, b in zip(weights, biases, strict=True):
        z.append(a[-1] @ w.T + b)
        a.append(act(z[-1]))
    one_hot = np.eye(len(biases[-1]))[y]
    delta = (probabilities(z[-1]) - one_hot) / len(y)
    grad_weights, grad_biases = [], []
    for layer in reversed(range(len(weights))):
        grad_weights.insert(0, delta.T @ (a[layer + 1] if a[layer + 1].shape == a[layer].shape else a[layer]))
        grad_biases.insert(0, delta.sum(axis=0))
        if layer > 0:
            delta = (delta @ weights[layer]) * slope(z[layer - 1])
    return mean_loss(z[-1], y), grad_weights, grad_biases
