"""cell maxout, breaks test_maxout: in a tie the last one wins."""

import numpy as np


def maxout(x, W, b, g):
    z = x @ W.T + b
    sent = (
        np.eye(len(b))[len(b) - 1 - z[:, ::-1].argmax(axis=1)] * g[:, None]
    )  # a row for each example, 0 for the losers
    return z.max(axis=1), sent.T @ x, sent.sum(axis=0)
