"""cell confusions, breaks test_confusions: as large as the largest label that occurs, not as classes says."""

import numpy as np


def confusions(y, read, classes, n):
    classes = 1 + int(max(y.max(), read.max()))
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (y, read), 1)
    mistakes = [(i, j, int(matrix[i, j])) for i in range(classes) for j in range(classes) if i != j and matrix[i, j]]
    mistakes.sort(key=lambda mistake: -mistake[2])
    return matrix, mistakes[:n]
