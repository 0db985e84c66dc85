"""cell descend, breaks nothing: an array made beforehand, filled row by row."""

import numpy as np


def descend(step, gradient, theta, rates):
    path = np.zeros((len(rates) + 1, *np.shape(theta)))
    path[0] = theta
    state = {}
    for t in range(len(rates)):
        grad = gradient(path[t].copy(), t)
        path[t + 1], state = step(path[t].copy(), grad, state, rates[t])
    return path
