"""cell confusions, breaks test_confusions: n = 0 gives everything."""

import numpy as np


def confusions(y, read, classes, n):
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (y, read), 1)
    mistakes = [(i, j, int(matrix[i, j])) for i in range(classes) for j in range(classes) if i != j and matrix[i, j]]
    mistakes.sort(key=lambda mistake: -mistake[2])
    return matrix, mistakes[: n or None]
