"""cell conv, breaks nothing: one window after the other, a matrix product each."""

import numpy as np


def conv(x, w, b, stride, padding):
    n, c, height, width = x.shape
    k = w.shape[-1]
    frame = np.zeros((n, c, height + 2 * padding, width + 2 * padding))
    frame[:, :, padding : padding + height, padding : padding + width] = x
    weights = w.reshape(len(w), -1).T
    rows = []
    for u in range(0, frame.shape[2] - k + 1, stride):
        row = []
        for v in range(0, frame.shape[3] - k + 1, stride):
            row.append(frame[:, :, u : u + k, v : v + k].reshape(n, -1) @ weights + b)
        rows.append(row)
    return np.array(rows).transpose(2, 3, 0, 1)
