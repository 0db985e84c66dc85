"""cell descend, breaks test_descend: asks whether the length is greater than far, which nan never is."""

import numpy as np


def descend(gradient, theta, lr, tolerance, most_steps, far=1e6):
    path = [np.array(theta, dtype=float)]
    while True:
        if np.linalg.norm(path[-1]) > far:
            return np.array(path), "lost"
        slope = gradient(path[-1])
        if np.linalg.norm(slope) <= tolerance:
            return np.array(path), "arrived"
        if len(path) > most_steps:
            return np.array(path), "stopped"
        path.append(path[-1] - lr * slope)
