"""cell fold, breaks test_fold: changes the lists that it was given."""

import numpy as np


def fold(weights, biases, size):
    eye = np.eye(len(size))
    fold_W, fold_b = np.vstack([eye, eye]), np.concatenate([0 * size, -size / 2])
    unfold = np.hstack([2 * eye, -4 * eye])
    weights[0] = weights[0] @ unfold
    weights.insert(0, fold_W)
    biases.insert(0, fold_b)
    return weights, biases
