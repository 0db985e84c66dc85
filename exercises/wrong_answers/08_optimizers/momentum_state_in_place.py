"""cell momentum, breaks test_momentum: changes the velocity in the old state in place."""

import numpy as np


def momentum(theta, grad, state, lr, mu=0.9, nesterov=False):
    v = state.get("v", np.zeros_like(theta))
    v *= mu
    v += grad
    return theta - lr * (grad + mu * v if nesterov else v), {"v": v}
