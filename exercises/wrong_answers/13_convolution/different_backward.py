"""cell conv_backward, breaks nothing: one window after the other, and it warns."""

import warnings

import numpy as np


def conv_backward(delta, x, w, stride, padding):
    warnings.warn("this takes its time", stacklevel=2)
    k, p = w.shape[2], padding
    x_frame = np.pad(np.array(x, dtype=float), [(0, 0), (0, 0), (p, p), (p, p)])
    g_frame, dw = np.zeros_like(x_frame), np.zeros(w.shape)
    for u in range(delta.shape[2]):
        for v in range(delta.shape[3]):
            window = np.s_[:, :, u * stride : u * stride + k, v * stride : v * stride + k]
            g_frame[window] += np.tensordot(delta[:, :, u, v], w, axes=1)
            dw += np.tensordot(delta[:, :, u, v], x_frame[window], axes=(0, 0))
    dx = g_frame[:, :, p : g_frame.shape[2] - p, p : g_frame.shape[3] - p]
    return dx, dw, [float(np.sum(delta[:, f])) for f in range(delta.shape[1])]
