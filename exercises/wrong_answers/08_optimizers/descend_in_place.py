"""cell descend, breaks test_descend: writes every step into one array, so the path holds it many times."""

import numpy as np


def descend(step, gradient, theta, rates):
    path, state = [theta], {}
    for t, lr in enumerate(rates):
        new, state = step(theta, gradient(theta, t), state, lr)
        theta[...] = new
        path.append(theta)
    return np.array(path)
