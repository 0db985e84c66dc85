"""cell momentum, breaks test_momentum: keeps the velocity in a global variable."""

MEMORY = {}


def momentum(theta, grad, state, lr, mu=0.9, nesterov=False):
    if not state:
        MEMORY["v"] = 0
    MEMORY["v"] = mu * MEMORY["v"] + grad
    v = MEMORY["v"]
    return theta - lr * (grad + mu * v if nesterov else v), {"started": 1}
