"""cell descend, breaks test_descend: counts t from 1."""

import numpy as np


def descend(step, gradient, theta, rates):
    path, state = [theta], {}
    for t, lr in enumerate(rates, start=1):
        theta, state = step(theta, gradient(theta, t), state, lr)
        path.append(theta)
    return np.array(path)
