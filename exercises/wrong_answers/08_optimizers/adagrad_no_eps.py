"""cell adagrad, breaks test_adagrad: has no eps: 0 / 0 where the gradient was always 0."""

import numpy as np


def adagrad(theta, grad, state, lr, eps=1e-10):
    total = state.get("total", 0) + grad**2
    return theta - lr * grad / np.sqrt(total), {"total": total}
