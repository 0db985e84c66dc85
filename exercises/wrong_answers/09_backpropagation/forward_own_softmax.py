"""cell forward, breaks test_forward: a softmax of its own that overflows."""

import numpy as np


def forward(x, w1, b1, w2, b2):
    z1 = x @ w1.T + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ w2.T + b2
    with np.errstate(all="ignore"):
        e = np.exp(z2)
        return z1, a1, z2, e / e.sum(axis=1, keepdims=True)
