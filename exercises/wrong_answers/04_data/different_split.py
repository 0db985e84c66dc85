"""cell split, breaks nothing: a list of parts, dealt with rng.choice from the rows that are left."""

import numpy as np


def split(x, y, sizes, rng):
    left = list(range(len(x)))
    parts = []
    for size in sizes:
        chosen = sorted(rng.choice(len(left), size, replace=False).tolist())
        rows = [left[i] for i in chosen]
        left = [i for i in left if i not in rows]
        parts.append([np.take(x, rows, axis=0), np.take(y, rows)])
    return parts
