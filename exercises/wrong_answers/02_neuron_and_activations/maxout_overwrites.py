"""cell maxout, breaks test_maxout: dW[winner] += … keeps only the last row of each winner."""

import numpy as np


def maxout(x, W, b, g):
    z = x @ W.T + b
    winner = z.argmax(axis=1)
    dW, db = np.zeros(W.shape), np.zeros(len(b))
    dW[winner] += g[:, None] * x
    db[winner] += g
    return z.max(axis=1), dW, db
