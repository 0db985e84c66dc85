"""cell input_gradient, breaks nothing: forward mode: a matrix of derivatives for each row."""

import numpy as np


def input_gradient(x, c, weights, biases, act, slope):
    rows = []
    for row, mix in zip(x, c, strict=True):
        a, derivative = row, np.eye(len(row))
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
            if layer:
                derivative = slope(a)[:, None] * derivative
                a = act(a)
            a, derivative = w @ a + b, w @ derivative
        rows.append(mix @ derivative)
    return np.array(rows)
