"""cell sgd, breaks test_sgd: counts the steps anew in each epoch."""

import numpy as np


def sgd(gradient, theta, epoch, epochs, lr):
    path = [np.array(theta, dtype=float)]
    for _ in range(epochs):
        for t, (xb, yb) in enumerate(epoch()):
            path.append(path[-1] - lr(t) * gradient(path[-1], xb, yb))
    return np.array(path)
