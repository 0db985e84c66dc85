"""cell train, breaks nothing: the bias as the weight of an input 1, and a while loop."""

import numpy as np


def train(x, y, epochs):
    rows = np.hstack([x, np.ones((len(x), 1))])
    weights, mistakes, i = np.zeros(rows.shape[1]), [], 0
    while i < epochs * len(rows):
        if i % len(rows) == 0:
            if mistakes and mistakes[-1] == 0:
                break
            mistakes.append(0)
        row, label = rows[i % len(rows)], y[i % len(rows)]
        answer = np.dot(weights, row) > 0
        if answer and label == 0:
            weights, mistakes[-1] = weights - row, mistakes[-1] + 1
        if not answer and label == 1:
            weights, mistakes[-1] = weights + row, mistakes[-1] + 1
        i += 1
    return weights[:-1], weights[-1], np.array(mistakes)
