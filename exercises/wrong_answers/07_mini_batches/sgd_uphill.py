"""cell sgd, breaks test_sgd: steps uphill."""

import numpy as np


def sgd(gradient, theta, epoch, epochs, lr):
    path = [np.array(theta, dtype=float)]
    for _ in range(epochs):
        for xb, yb in epoch():
            path.append(path[-1] + lr(len(path) - 1) * gradient(path[-1], xb, yb))
    return np.array(path)
