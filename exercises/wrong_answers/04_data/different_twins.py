"""cell twins, breaks nothing: all distances at once, by squares, as whole rows."""

import numpy as np


def twins(x_train, x_test, limit):
    u, v = np.array(x_train, dtype=float), np.array(x_test, dtype=float)
    squares = np.sum((v[:, None, :] - u[None, :, :]) ** 2, axis=2)
    closest = np.argmin(squares, axis=1)
    answers = [int(i) if s <= limit**2 else -1 for i, s in zip(closest, squares.min(axis=1), strict=True)]
    return answers
