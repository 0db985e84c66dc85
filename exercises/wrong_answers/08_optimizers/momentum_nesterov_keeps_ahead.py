"""cell momentum, breaks test_momentum: Nesterov's form stores the look ahead as the velocity."""


def momentum(theta, grad, state, lr, mu=0.9, nesterov=False):
    v = mu * state.get("v", 0) + grad
    if nesterov:
        v = grad + mu * v
    return theta - lr * v, {"v": v}
