"""cell shift, breaks test_shift: takes down for right and right for down."""

import numpy as np


def shift(images, down, right):
    _, rows, columns = images.shape
    out = np.zeros(images.shape)
    for r in range(rows):
        for c in range(columns):
            if 0 <= r - right < rows and 0 <= c - down < columns:
                out[:, r, c] = images[:, r - right, c - down]
    return out
