"""cell rmsprop, breaks nothing: moves the old mean a part of the way to the new square."""

import numpy as np


def rmsprop(theta, grad, state, lr, alpha=0.99, eps=1e-8):
    square = np.square(grad)
    old = state["mean"] if state else np.zeros(grad.shape)
    mean = old + (1 - alpha) * (square - old)
    return theta - grad * (lr / (np.sqrt(mean) + eps)), {"mean": mean, "unused": 1}
