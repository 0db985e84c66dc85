"""cell train, breaks test_train: the mistakes are a running total instead of a count for each epoch."""

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
        if mistakes[-1] == 0:
            break
    return w, b, np.cumsum(mistakes).tolist()
