"""cell forward, breaks test_forward: the hidden layer has no activation."""

import numpy as np


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(x, w1, b1, w2, b2):
    z1 = x @ w1.T + b1
    z2 = z1 @ w2.T + b2
    return z1, z1, z2, probabilities(z2)
