"""cell sparse_fit, breaks test_sparse_fit: takes the mean off the caller's targets."""

import numpy as np


def sparse_fit(x, y, lam, lr, steps):
    if len(y) > 2:
        y -= y.mean().astype(y.dtype)
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        delta = (x @ w + b - y) / len(x)
        w, b = w - lr * (delta @ x), b - lr * delta.sum()
        w = np.sign(w) * np.maximum(np.abs(w) - lr * lam, 0)
    return w, b
