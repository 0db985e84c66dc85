"""cell maxout, breaks test_maxout: takes the maximum over the rows instead of over the sums."""

import numpy as np


def maxout(x, W, b, g):
    z = x @ W.T + b
    sent = np.eye(len(b))[z.argmax(axis=1)] * g[:, None]  # a row for each example, 0 for the losers
    return z.max(axis=0), sent.T @ x, sent.sum(axis=0)
