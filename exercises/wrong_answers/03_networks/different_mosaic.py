"""cell mosaic, breaks nothing: finds a pixel by its own four neurons, other weights, an offset that cancels."""

import numpy as np


def mosaic(image):
    h, w = image.shape
    W1, b1, W2 = [], [], np.zeros((h * w, 4 * h * w))
    for i in range(h):
        for j in range(w):
            W2[len(W1) // 4, len(W1) : len(W1) + 4] = 3
            W1 += [[1, 0], [-1, 0], [0, 1], [0, -1]]
            b1 += [-i, i + 1, -j, j + 1]
    ink = np.array([[dark for row in image.tolist() for dark in row]])
    return (2 * np.array(W1), W2, ink), (2 * np.array(b1), np.full(h * w, -10), np.array([0]))
