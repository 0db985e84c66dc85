"""cell sgd, breaks test_sgd: takes two batches from each epoch."""

import numpy as np


def sgd(gradient, theta, epoch, epochs, lr):
    path = [np.array(theta, dtype=float)]
    for _ in range(epochs):
        for xb, yb in epoch()[:2]:
            path.append(path[-1] - lr(len(path) - 1) * gradient(path[-1], xb, yb))
    return np.array(path)
