"""cell adam, breaks test_adam: counts the steps from 0 and so corrects one step late."""

import numpy as np


def adam(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0):
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    s = beta2 * state.get("s", 0) + (1 - beta2) * grad**2
    t = max(1, t - 1)
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    new = (1 - lr * decay) * theta - lr * m_hat / (np.sqrt(s_hat) + eps)
    return new, {"t": state.get("t", 0) + 1, "m": m, "s": s}
