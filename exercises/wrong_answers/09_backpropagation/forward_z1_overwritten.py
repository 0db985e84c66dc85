"""cell forward, breaks test_forward: ReLU in place, so that z1 is lost."""

import numpy as np


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(x, w1, b1, w2, b2):
    z1 = x @ w1.T + b1
    a1 = np.maximum(z1, 0, out=z1)
    z2 = a1 @ w2.T + b2
    return z1, a1, z2, probabilities(z2)
