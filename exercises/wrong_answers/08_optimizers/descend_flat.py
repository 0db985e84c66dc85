"""cell descend, breaks test_descend: returns a table of rows, whatever the shape of theta."""

import numpy as np


def descend(step, gradient, theta, rates):
    path, state = [theta], {}
    for t, lr in enumerate(rates):
        theta, state = step(theta, gradient(theta, t), state, lr)
        path.append(theta)
    return np.array(path).reshape(len(path), -1)
