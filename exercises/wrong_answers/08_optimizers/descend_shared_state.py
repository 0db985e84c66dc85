"""cell descend, breaks test_descend: keeps the state for the next run."""

import numpy as np


def descend(step, gradient, theta, rates, state={}):  # noqa: B006
    path = [theta]
    for t, lr in enumerate(rates):
        theta, new = step(theta, gradient(theta, t), state, lr)
        state.update(new)
        path.append(theta)
    return np.array(path)
