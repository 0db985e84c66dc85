"""cell forward, breaks test_forward: adds up in an array of the type of x, which cuts off fractions if x is whole."""

import numpy as np


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(x, w1, b1, w2, b2):
    z1 = (x @ w1.T + b1).astype(x.dtype)
    a1 = np.maximum(z1, 0)
    z2 = a1 @ w2.T + b2
    return z1, a1, z2, probabilities(z2)
