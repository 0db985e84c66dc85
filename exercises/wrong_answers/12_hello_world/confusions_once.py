"""cell confusions, breaks test_confusions: matrix[y, read] += 1 counts equal pairs once only."""

import numpy as np


def confusions(y, read, classes, n):
    matrix = np.zeros((classes, classes), dtype=int)
    matrix[y, read] += 1
    mistakes = [(i, j, int(matrix[i, j])) for i in range(classes) for j in range(classes) if i != j and matrix[i, j]]
    mistakes.sort(key=lambda mistake: -mistake[2])
    return matrix, mistakes[:n]
