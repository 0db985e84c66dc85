"""cell backprop, breaks test_backprop: its own logarithm of a probability that rounds to 0."""

import numpy as np


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backprop(x, y, weights, biases, act, slope):
    a, z = [x], []
    for w, b in zip(weights, biases, strict=True):
        z.append(a[-1] @ w.T + b)
        a.append(act(z[-1]))
    one_hot = np.eye(len(biases[-1]))[y]
    delta = (probabilities(z[-1]) - one_hot) / len(y)
    grad_weights, grad_biases = [], []
    for layer in reversed(range(len(weights))):
        grad_weights.insert(0, delta.T @ a[layer])
        grad_biases.insert(0, delta.sum(axis=0))
        if layer > 0:
            delta = (delta @ weights[layer]) * slope(z[layer - 1])
    with np.errstate(all="ignore"):
        loss = -np.mean(np.log(probabilities(z[-1])[np.arange(len(y)), y]))
    return loss, grad_weights, grad_biases
