"""cell conv, breaks test_conv: adds up the biases of all kernels."""

import numpy as np


def conv(x, w, b, stride, padding):
    k = w.shape[2]
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    rows, columns = [(n - k) // stride + 1 for n in padded.shape[2:]]
    z = np.zeros((len(x), len(w), rows, columns)) + b.sum()
    for i in range(k):
        for j in range(k):
            seen = padded[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            z += np.einsum("bchw,fc->bfhw", seen, w[:, :, i, j])
    return z
