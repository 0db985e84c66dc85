"""cell maxout, breaks nothing: one row after the other."""

import numpy as np


def maxout(x, W, b, g):
    answers, dW, db = [], [[0.0] * x.shape[1] for _ in b], [0.0] * len(b)
    for row, slope in zip(x, g, strict=True):
        sums = [np.dot(w, row) + bias for w, bias in zip(W, b, strict=True)]
        best = 0
        for i in range(1, len(sums)):
            if sums[i] > sums[best]:
                best = i
        answers.append(sums[best])
        db[best] += slope
        for j in range(len(row)):
            dW[best][j] += slope * row[j]
    return np.array(answers), np.array(dW), np.array(db)
