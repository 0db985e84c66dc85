"""cell line_search, breaks test_line_search: the length of the gradient, not its square."""

import numpy as np


def line_search(loss, gradient, theta, lr, steps, c=0.25):
    path, accepted = [np.array(theta, dtype=float)], []
    for _ in range(steps):
        here = path[-1]
        g = gradient(here)
        if not np.any(g):
            break
        height, promise = loss(here), np.linalg.norm(g)
        while not loss(here - lr * g) <= height - c * lr * promise:
            lr = lr / 2
        path.append(here - lr * g)
        accepted.append(lr)
        lr = 2 * lr
    return np.array(path), accepted
