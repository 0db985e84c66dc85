"""cell sgd, breaks test_sgd: steps in place, so the start changes too."""

import numpy as np


def sgd(gradient, theta, epoch, epochs, lr):
    if theta.dtype.kind != "f":
        theta = theta.astype(float)
    path = [theta.copy()]
    for _ in range(epochs):
        for xb, yb in epoch():
            theta -= lr(len(path) - 1) * gradient(theta, xb, yb)
            path.append(theta.copy())
    return np.array(path)
