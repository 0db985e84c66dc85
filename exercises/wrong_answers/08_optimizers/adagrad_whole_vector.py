"""cell adagrad, breaks test_adagrad: one rate for all parameters, from the length of the gradient."""

import numpy as np


def adagrad(theta, grad, state, lr, eps=1e-10):
    total = state.get("total", 0) + np.sum(grad**2)
    return theta - lr * grad / (np.sqrt(total) + eps), {"total": total}
