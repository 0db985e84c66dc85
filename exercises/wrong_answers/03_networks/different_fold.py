"""cell fold, breaks nothing: neuron by neuron, ordered by coordinate, mirrored from the right end."""

import numpy as np


def fold(weights, biases, size):
    d = len(size)
    fold_W, fold_b, unfold = np.zeros((2 * d, d)), np.zeros(2 * d), np.zeros((d, 2 * d))
    shift = np.zeros(d)
    for j in range(d):
        # g(x) = s - 2 relu(s / 2 - x) - 2 relu(x - s / 2)
        fold_W[2 * j, j], fold_b[2 * j] = -1, size[j] / 2
        fold_W[2 * j + 1, j], fold_b[2 * j + 1] = 1, -size[j] / 2
        unfold[j, [2 * j, 2 * j + 1]] = -2
        shift[j] = size[j]
    first = weights[0] @ shift + biases[0]
    return (fold_W, weights[0] @ unfold, *weights[1:]), (fold_b, first, *biases[1:])
