"""cell numerical_gradient, breaks nothing: moves a copy and puts each entry back."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    moving = np.array(theta, dtype=float)
    flat, gradient = moving.reshape(-1), []
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        high = f(moving)
        flat[i] = kept - h
        gradient.append((high - f(moving)) / h / 2)
        flat[i] = kept
    return np.reshape(gradient, moving.shape)
