"""cell diagnose, breaks test_diagnose: compares the factor of one layer with the limit."""

import numpy as np


def diagnose(sizes, limit=100.0):
    sizes = np.asarray(sizes, dtype=float)
    if not np.all(np.isfinite(sizes)):
        return "exploding", np.inf
    if sizes[0] == 0:
        return "vanishing", 0.0
    q = sizes[0] / sizes[-1]
    f = q ** (1 / (len(sizes) - 1)) if len(sizes) > 1 else 1.0
    return ("vanishing" if f < 1 / limit else "exploding" if f > limit else "healthy"), f
