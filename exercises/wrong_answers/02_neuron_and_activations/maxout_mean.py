"""cell maxout, breaks test_maxout: means over the rows in place of sums."""

import numpy as np


def maxout(x, W, b, g):
    z = x @ W.T + b
    sent = np.eye(len(b))[z.argmax(axis=1)] * g[:, None]  # a row for each example, 0 for the losers
    return z.max(axis=1), sent.T @ x / len(x), sent.mean(axis=0)
