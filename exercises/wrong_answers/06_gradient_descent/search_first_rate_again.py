"""cell line_search, breaks test_line_search: begins each step with the first rate."""

import numpy as np


def line_search(loss, gradient, theta, lr, steps, c=0.25):
    first = lr
    path, accepted = [np.array(theta, dtype=float)], []
    for _ in range(steps):
        here = path[-1]
        g = gradient(here)
        if not np.any(g):
            break
        height, promise = loss(here), g @ g
        while not loss(here - lr * g) <= height - c * lr * promise:
            lr = lr / 2
        path.append(here - lr * g)
        accepted.append(lr)
        lr = first
    return np.array(path), accepted
