"""cell rmsprop, breaks test_rmsprop: corrects the bias, as only Adam does."""

import numpy as np


def rmsprop(theta, grad, state, lr, alpha=0.99, eps=1e-8):
    t = state.get("t", 0) + 1
    s = alpha * state.get("s", 0) + (1 - alpha) * grad**2
    return theta - lr * grad / (np.sqrt(s / (1 - alpha**t)) + eps), {"s": s, "t": t}
