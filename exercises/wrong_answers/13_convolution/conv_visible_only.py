"""cell conv, breaks test_conv: one picture and no step but in the visible cases."""

import numpy as np


def conv(x, w, b, stride, padding):
    k = w.shape[2]
    padded = np.pad(x[:1], [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    rows, columns = [(n - k) // stride + 1 for n in padded.shape[2:]]
    z = np.zeros((1, len(w), rows, columns)) + b[:, None, None]
    for f, u, v in np.ndindex(len(w), rows, columns):
        z[0, f, u, v] += np.sum(w[f] * padded[0, :, stride * u : stride * u + k, stride * v : stride * v + k])
    return z
