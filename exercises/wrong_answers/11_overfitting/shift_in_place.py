"""cell shift, breaks test_shift: writes the shifted pictures over the caller's."""

import numpy as np


def shift(images, down, right):
    _, rows, columns = images.shape
    out = np.zeros(images.shape)
    for r in range(rows):
        for c in range(columns):
            if 0 <= r - down < rows and 0 <= c - right < columns:
                out[:, r, c] = images[:, r - down, c - right]
    if len(images) > 1:
        images[...] = out
    return out
