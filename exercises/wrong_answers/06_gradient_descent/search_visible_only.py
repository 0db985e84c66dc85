"""cell line_search, breaks test_line_search: takes the exact rate of a parabola with the curvature 2."""

import numpy as np


def line_search(loss, gradient, theta, lr, steps, c=0.25):
    path, accepted = [np.array(theta, dtype=float)], []
    while len(accepted) < steps and np.any(path[-1]):
        lr = min(lr, 0.5 if c <= 0.5 else 0.25)
        path.append(path[-1] - lr * gradient(path[-1]))
        accepted.append(lr)
        lr = 2 * lr
    return np.array(path), accepted
