"""cell sgd, breaks test_sgd: takes all gradients of an epoch where the epoch began."""

import numpy as np


def sgd(gradient, theta, epoch, epochs, lr):
    path = [np.array(theta, dtype=float)]
    for _ in range(epochs):
        start = path[-1]
        for xb, yb in epoch():
            path.append(path[-1] - lr(len(path) - 1) * gradient(start, xb, yb))
    return np.array(path)
