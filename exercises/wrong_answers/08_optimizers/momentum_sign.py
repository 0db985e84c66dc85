"""cell momentum, breaks test_momentum: climbs: adds the velocity."""


def momentum(theta, grad, state, lr, mu=0.9, nesterov=False):
    v = mu * state.get("v", 0) + grad
    return theta + lr * (grad + mu * v if nesterov else v), {"v": v}
