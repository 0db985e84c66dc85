"""cell momentum, breaks test_momentum: multiplies the gradient by 1 - mu, as in a fading mean."""


def momentum(theta, grad, state, lr, mu=0.9, nesterov=False):
    v = mu * state.get("v", 0) + (1 - mu) * grad
    return theta - lr * (grad + mu * v if nesterov else v), {"v": v}
