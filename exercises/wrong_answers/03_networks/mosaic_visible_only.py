"""cell mosaic, breaks test_mosaic: paints the first six pixels only."""

import numpy as np


def mosaic(image):
    h, w = image.shape
    W1 = np.zeros((h + w + 2, 2))
    W1[: h + 1, 0] = W1[h + 1 :, 1] = 1
    b1 = -np.concatenate([np.arange(h + 1.0), np.arange(w + 1.0)])
    image = np.where(np.arange(h * w) < 6, image.ravel(), 0).reshape(h, w)
    W2 = np.zeros((h * w, h + w + 2))
    for pixel, (i, j) in enumerate(np.ndindex(h, w)):
        W2[pixel, [i, h + 1 + j]] = 1
        W2[pixel, [i + 1, h + 2 + j]] = -1
    return [W1, W2, image.reshape(1, -1)], [b1, np.full(h * w, -1.5), np.zeros(1)]
