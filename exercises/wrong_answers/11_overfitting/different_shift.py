"""cell shift, breaks nothing: slices of a padded picture, by way of copies."""

import numpy as np


def shift(images, down, right):
    n, rows, columns = images.shape
    down, right = max(-rows, min(rows, down)), max(-columns, min(columns, right))
    frame = np.zeros((n, 3 * rows, 3 * columns))
    frame[:, rows + down : 2 * rows + down, columns + right : 2 * columns + right] = images
    return frame[:, rows : 2 * rows, columns : 2 * columns]
