"""cell descend, breaks test_descend: takes every gradient at the start."""

import numpy as np


def descend(step, gradient, theta, rates):
    path, state, start = [theta], {}, theta
    for t, lr in enumerate(rates):
        theta, state = step(theta, gradient(start, t), state, lr)
        path.append(theta)
    return np.array(path)
