"""cell descend, breaks test_descend: hands an empty state to every step."""

import numpy as np


def descend(step, gradient, theta, rates):
    path = [theta]
    for t, lr in enumerate(rates):
        theta, _ = step(theta, gradient(theta, t), {}, lr)
        path.append(theta)
    return np.array(path)
