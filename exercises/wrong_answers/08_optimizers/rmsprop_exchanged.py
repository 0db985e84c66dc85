"""cell rmsprop, breaks test_rmsprop: exchanges alpha and 1 - alpha."""

import numpy as np


def rmsprop(theta, grad, state, lr, alpha=0.99, eps=1e-8):
    s = (1 - alpha) * state.get("s", 0) + alpha * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), {"s": s}
