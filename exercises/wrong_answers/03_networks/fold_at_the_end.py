"""cell fold, breaks test_fold: folds at size in place of size / 2."""

import numpy as np


def fold(weights, biases, size):
    eye = np.eye(len(size))
    fold_W, fold_b = np.vstack([eye, eye]), np.concatenate([0 * size, -size])
    unfold = np.hstack([2 * eye, -4 * eye])
    return [fold_W, weights[0] @ unfold, *weights[1:]], [fold_b, *biases]
