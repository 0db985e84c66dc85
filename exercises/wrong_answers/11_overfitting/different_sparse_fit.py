"""cell sparse_fit, breaks nothing: the threshold as a difference of two cuts."""

import numpy as np


def sparse_fit(x, y, lam, lr, steps):
    n, m = x.shape
    rows = np.hstack([np.asarray(x, dtype=float), np.ones((n, 1))])
    theta = np.zeros(m + 1)
    cut = np.append(np.full(m, lr * lam), 0.0)
    for _ in range(steps):
        theta = theta - lr / n * (rows.T @ (rows @ theta - y))
        theta = np.maximum(theta - cut, 0) - np.maximum(-theta - cut, 0)
    return theta[:m], float(theta[m])
