"""cell fold, breaks test_fold: right for two coordinates only."""

import numpy as np


def fold(weights, biases, size):
    eye = np.eye(len(size))
    fold_W, fold_b = np.vstack([eye, eye]), np.concatenate([0 * size, -size / 2])
    unfold = np.hstack([2 * eye, -4 * eye])
    if len(size) != 2:
        unfold = 0 * unfold
    return [fold_W, weights[0] @ unfold, *weights[1:]], [fold_b, *biases]
