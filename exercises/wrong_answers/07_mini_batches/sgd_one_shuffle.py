"""cell sgd, breaks test_sgd: asks for batches once and uses them in all epochs."""

import numpy as np


def sgd(gradient, theta, epoch, epochs, lr):
    path = [np.array(theta, dtype=float)]
    batches = epoch() if epochs else []
    for _ in range(epochs):
        for xb, yb in batches:
            path.append(path[-1] - lr(len(path) - 1) * gradient(path[-1], xb, yb))
    return np.array(path)
