"""cell backward, breaks nothing: einsum, the errors row by row."""

import numpy as np


def backward(delta, x, z1, factor, w2):
    read = np.where(z1 > 0, z1, 0) * factor
    errors = np.zeros(z1.shape)
    for row in range(len(x)):
        for j in range(z1.shape[1]):
            if z1[row, j] > 0:
                errors[row, j] = factor[row, j] * (w2[:, j] @ delta[row])
    return [
        np.einsum("bn,bm->nm", errors, x),
        np.ones(len(x)) @ errors,
        np.einsum("bk,bn->kn", delta, read),
        np.ones(len(x)) @ delta,
    ]
