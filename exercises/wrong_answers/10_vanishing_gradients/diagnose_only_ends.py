"""cell diagnose, breaks test_diagnose: asks only the first and the last size whether they are finite."""

import numpy as np


def diagnose(sizes, limit=100.0):
    sizes = np.asarray(sizes, dtype=float)
    if not np.isfinite(sizes[0]) or not np.isfinite(sizes[-1]):
        return "exploding", np.inf
    if sizes[0] == 0:
        return "vanishing", 0.0
    q = sizes[0] / sizes[-1]
    f = q ** (1 / (len(sizes) - 1)) if len(sizes) > 1 else 1.0
    return ("vanishing" if q < 1 / limit else "exploding" if q > limit else "healthy"), f
