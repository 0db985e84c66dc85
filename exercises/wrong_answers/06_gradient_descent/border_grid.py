"""cell find_border, breaks test_find_border: tries a fine grid of 1500 rates one after the other."""

import numpy as np


def find_border(diverges, lr, tolerance):
    grid = np.geomspace(1e-9, 1e9, 1500)
    last = max(i for i in range(1500) if not diverges(grid[i]))
    low, high = grid[last], grid[last + 1]
    while high > (1 + tolerance) * low:
        middle = (low + high) / 2
        if diverges(middle):
            high = middle
        else:
            low = middle
    return low, high
