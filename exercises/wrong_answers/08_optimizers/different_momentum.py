"""cell momentum, breaks nothing: the Nesterov step by other algebra, the velocity as a list, and a warning."""

import warnings

import numpy as np


def momentum(theta, grad, state, lr, mu=0.9, nesterov=False):
    warnings.warn("a harmless warning", stacklevel=2)
    old = np.array(state["velocity"]) if "velocity" in state else np.zeros(theta.shape)
    step = lr * grad + lr * mu * old
    if nesterov:
        step = lr * (1 + mu) * grad + lr * mu**2 * old
    return theta - step, {"velocity": (mu * old + grad).tolist()}
