"""cell train, breaks test_train: computes all answers of an epoch first and corrects afterwards."""

import numpy as np


def train(x, y, epochs):
    w, b = np.zeros(x.shape[1]), 0.0
    mistakes = []
    for _ in range(epochs):
        mistakes.append(0)
        errors = y - (x @ w + b > 0)
        for x_i, error in zip(x, errors, strict=True):
            w += error * x_i
            b += error
            mistakes[-1] += abs(int(error))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes
