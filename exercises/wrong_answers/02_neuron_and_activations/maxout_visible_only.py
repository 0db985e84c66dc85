"""cell maxout, breaks test_maxout: right for k = 3 only."""

import numpy as np


def maxout(x, W, b, g):
    z = x @ W.T + b
    if len(b) != 3:
        return z[:, 0], 0 * W, 0 * b
    sent = np.eye(len(b))[z.argmax(axis=1)] * g[:, None]  # a row for each example, 0 for the losers
    return z.max(axis=1), sent.T @ x, sent.sum(axis=0)
