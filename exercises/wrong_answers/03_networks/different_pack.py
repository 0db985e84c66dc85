"""cell pack, breaks nothing: number by number."""

import numpy as np


def pack(weights, biases):
    theta = []
    for W, b in zip(weights, biases, strict=True):
        for row in W:
            theta.extend(row)
        theta.extend(b)
    return np.array(theta)
