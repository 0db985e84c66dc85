"""cell numerical_gradient, breaks nothing: flat copies, and a list of slopes."""

import numpy as np


def numerical_gradient(loss, theta, h=1e-5):
    theta = np.array(theta, dtype=float)
    flat, slopes = theta.reshape(-1), []
    for i in range(flat.size):
        value, ends = flat[i], []
        for side in (-h, h):
            flat[i] = value + side
            ends.append(loss(theta.copy()))
        flat[i] = value
        slopes.append((ends[1] - ends[0]) / h / 2)
    return np.reshape(slopes, theta.shape)
