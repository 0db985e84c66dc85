"""cell batch_norm_backward, breaks nothing: the three paths one after the other, as in the original paper."""

import numpy as np


def batch_norm_backward(g, z, gamma, eps):
    rows = len(z)
    centred = z - z.mean(axis=0)
    inverse = 1 / np.sqrt(np.mean(centred**2, axis=0) + eps)
    dz_hat = g * gamma
    dvar = np.sum(dz_hat * centred, axis=0) * -0.5 * inverse**3
    dmean = -inverse * np.sum(dz_hat, axis=0) - 2 * dvar * centred.mean(axis=0)
    dz = dz_hat * inverse + dvar * 2 * centred / rows + dmean / rows
    return dz, np.sum(g * centred, axis=0) * inverse, np.ones(rows) @ g
