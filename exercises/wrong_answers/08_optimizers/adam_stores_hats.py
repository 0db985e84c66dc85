"""cell adam, breaks test_adam: puts the means with their hats into the state."""

import numpy as np


def adam(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0):
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    s = beta2 * state.get("s", 0) + (1 - beta2) * grad**2
    m, s = m / (1 - beta1**t), s / (1 - beta2**t)
    new = (1 - lr * decay) * theta - lr * m / (np.sqrt(s) + eps)
    return new, {"t": t, "m": m, "s": s}
