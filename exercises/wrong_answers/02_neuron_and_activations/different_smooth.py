"""cell smooth, breaks nothing: one entry after the other, with math; warns about itself."""

import math
import warnings

import numpy as np


def smooth(name, z):
    def one(t):
        if name == "arctan":
            return math.atan(t), 1 / (1 + t * t)
        if name == "tanh":
            return math.tanh(t), (1 / math.cosh(t)) ** 2 if abs(t) < 350 else 0.0
        low = math.exp(t) / (1 + math.exp(t)) if t < 0 else 1 / (1 + math.exp(-t))
        if name == "softplus":
            return (t + math.log1p(math.exp(-t)) if t > 0 else math.log1p(math.exp(t))), low
        high = math.exp(-abs(t)) / (1 + math.exp(-abs(t)))
        return low, high * (1 - high)

    warnings.warn("entry by entry, this is slow", stacklevel=1)
    pairs = np.array([one(float(t)) for t in z.ravel()])
    return pairs[:, 0].reshape(z.shape), pairs[:, 1].reshape(z.shape)
