"""cell adagrad, breaks test_adagrad: changes theta in place."""

import numpy as np


def adagrad(theta, grad, state, lr, eps=1e-10):
    total = state.get("total", 0) + grad**2
    theta -= lr * grad / (np.sqrt(total) + eps)
    return theta, {"total": total}
