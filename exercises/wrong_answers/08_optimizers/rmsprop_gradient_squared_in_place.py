"""cell rmsprop, breaks test_rmsprop: squares the gradient in place."""

import numpy as np


def rmsprop(theta, grad, state, lr, alpha=0.99, eps=1e-8):
    direction = grad.copy()
    grad **= 2
    s = alpha * state.get("s", 0) + (1 - alpha) * grad
    return theta - lr * direction / (np.sqrt(s) + eps), {"s": s}
