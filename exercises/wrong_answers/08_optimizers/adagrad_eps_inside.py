"""cell adagrad, breaks test_adagrad: adds eps to the sum, inside the root."""

import numpy as np


def adagrad(theta, grad, state, lr, eps=1e-10):
    total = state.get("total", 0) + grad**2
    return theta - lr * grad / np.sqrt(total + eps), {"total": total}
