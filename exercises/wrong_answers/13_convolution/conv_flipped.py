"""cell conv, breaks test_conv: flips the kernel."""

import numpy as np


def conv(x, w, b, stride, padding):
    k = w.shape[2]
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    rows, columns = [(n - k) // stride + 1 for n in padded.shape[2:]]
    z = np.zeros((len(x), len(w), rows, columns)) + b[:, None, None]
    for i in range(k):
        for j in range(k):
            seen = padded[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            z += np.einsum("bchw,fc->bfhw", seen, w[:, :, k - 1 - i, k - 1 - j])
    return z
