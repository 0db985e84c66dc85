"""cell sparse_fit, breaks test_sparse_fit: adds the rows up without 1/N."""

import numpy as np


def sparse_fit(x, y, lam, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        delta = x @ w + b - y
        w = w - lr * (delta @ x)
        b = b - lr * delta.sum()
        w = np.sign(w) * np.maximum(np.abs(w) - lr * lam, 0)
    return w, b
