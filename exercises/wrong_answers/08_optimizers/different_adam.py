"""cell adam, breaks nothing: the hats in one factor, the decay as a step, and a loop over the entries."""

import numpy as np


def adam(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0):
    t = state["count"] + 1 if state else 1
    flat, pull = theta.ravel(), grad.ravel()
    m = state["m"].copy() if state else np.zeros(flat.size)
    s = state["s"].copy() if state else np.zeros(flat.size)
    new = np.zeros(flat.size)
    root = (1 - beta2**t) ** 0.5
    for i in range(flat.size):
        m[i] = beta1 * m[i] + (1 - beta1) * pull[i]
        s[i] = beta2 * s[i] + (1 - beta2) * pull[i] ** 2
        step = lr * root / (1 - beta1**t) * m[i] / (s[i] ** 0.5 + eps * root)
        new[i] = flat[i] - lr * decay * flat[i] - step
    return new.reshape(theta.shape), {"m": m, "s": s, "count": t}
