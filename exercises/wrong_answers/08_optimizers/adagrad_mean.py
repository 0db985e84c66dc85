"""cell adagrad, breaks test_adagrad: divides by the root of the mean."""

import numpy as np


def adagrad(theta, grad, state, lr, eps=1e-10):
    t = state.get("t", 0) + 1
    total = state.get("total", 0) + grad**2
    return theta - lr * grad / (np.sqrt(total / t) + eps), {"total": total, "t": t}
