"""cell line_search, breaks test_line_search: steps in place where theta holds floats."""

import numpy as np


def line_search(loss, gradient, theta, lr, steps, c=0.25):
    here = theta if theta.dtype.kind == "f" else theta.astype(float)
    path, accepted = [here.copy()], []
    for _ in range(steps):
        g = gradient(here)
        if not np.any(g):
            break
        while not loss(here - lr * g) <= loss(here) - c * lr * (g @ g):
            lr = lr / 2
        here -= lr * g
        path.append(here.copy())
        accepted.append(lr)
        lr = 2 * lr
    return np.array(path), accepted
