"""cell shift, breaks test_shift: no check of the lower end: a negative index reads from the other side."""

import numpy as np


def shift(images, down, right):
    _, rows, columns = images.shape
    out = np.zeros(images.shape)
    for r in range(rows):
        for c in range(columns):
            if r - down < rows and c - right < columns and abs(down) < rows and abs(right) < columns:
                out[:, r, c] = images[:, r - down, c - right]
    return out
