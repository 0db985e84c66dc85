"""cell sparse_fit, breaks test_sparse_fit: takes ηλ sgn(w) away and crosses over 0."""

import numpy as np


def sparse_fit(x, y, lam, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        delta = (x @ w + b - y) / len(x)
        w = w - lr * (delta @ x)
        b = b - lr * delta.sum()
        w = w - lr * lam * np.sign(w)
    return w, b
