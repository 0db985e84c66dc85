"""cell confusions, breaks test_confusions: counts in floats, because np.zeros makes them."""

import numpy as np


def confusions(y, read, classes, n):
    matrix = np.zeros((classes, classes))
    for label, answer in zip(y, read, strict=True):
        matrix[label, answer] += 1
    pairs = [(i, j, matrix[i, j]) for i in range(classes) for j in range(classes) if i != j and matrix[i, j] > 0]
    return matrix, sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:n]
