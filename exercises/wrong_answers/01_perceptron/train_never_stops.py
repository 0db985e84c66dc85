"""cell train, breaks test_train: goes on after an epoch without a mistake."""

import numpy as np


def train(x, y, epochs):
    w, b = np.zeros(x.shape[1]), 0.0
    mistakes = []
    for _ in range(epochs):
        mistakes.append(0)
        for x_i, y_i in zip(x, y, strict=True):
            error = y_i - int(w @ x_i + b > 0)
            w += error * x_i
            b += error
            mistakes[-1] += abs(int(error))
    return w, b, mistakes
