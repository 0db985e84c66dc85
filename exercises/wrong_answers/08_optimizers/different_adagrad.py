"""cell adagrad, breaks nothing: keeps the root instead of the sum."""

import numpy as np


def adagrad(theta, grad, state, lr, eps=1e-10):
    root = np.hypot(state.get("root", 0.0), grad)
    return theta - lr * (grad / (root + eps)), {"root": root}
