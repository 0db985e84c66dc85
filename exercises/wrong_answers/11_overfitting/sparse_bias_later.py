"""cell sparse_fit, breaks test_sparse_fit: takes the gradient of the bias at the new weights."""

import numpy as np


def sparse_fit(x, y, lam, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        delta = (x @ w + b - y) / len(x)
        w = w - lr * (delta @ x)
        delta = (x @ w + b - y) / len(x)
        b = b - lr * delta.sum()
        w = np.sign(w) * np.maximum(np.abs(w) - lr * lam, 0)
    return w, b
