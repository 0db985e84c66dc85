"""cell momentum, breaks test_momentum: the rate goes into the velocity, so a new rate acts on the new gradient only."""


def momentum(theta, grad, state, lr, mu=0.9, nesterov=False):
    v = mu * state.get("v", 0) + lr * grad
    return theta - (lr * grad + mu * v if nesterov else v), {"v": v}
