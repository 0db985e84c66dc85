"""cell diagnose, breaks test_diagnose: divides the last size by the first."""

import numpy as np


def diagnose(sizes, limit=100.0):
    sizes = np.asarray(sizes, dtype=float)
    if not np.all(np.isfinite(sizes)):
        return "exploding", np.inf
    if sizes[0] == 0:
        return "vanishing", 0.0
    q = sizes[-1] / max(sizes[0], 1e-300)
    f = q ** (1 / (len(sizes) - 1)) if len(sizes) > 1 else 1.0
    return ("vanishing" if q < 1 / limit else "exploding" if q > limit else "healthy"), f
