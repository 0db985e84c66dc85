"""cell rmsprop, breaks test_rmsprop: adds eps inside the root."""

import numpy as np


def rmsprop(theta, grad, state, lr, alpha=0.99, eps=1e-8):
    s = alpha * state.get("s", 0) + (1 - alpha) * grad**2
    return theta - lr * grad / np.sqrt(s + eps), {"s": s}
