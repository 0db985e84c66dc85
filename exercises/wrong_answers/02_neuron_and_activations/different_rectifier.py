"""cell rectifier, breaks nothing: fills the two sides one after the other."""

import numpy as np


def rectifier(z, a, alpha):
    f, slope, da = (np.array(z, dtype=float) for _ in range(3))
    left = f <= 0
    t = f[left]
    f[left] = alpha * np.expm1(t) + t * a
    slope[left] = alpha * (np.expm1(t) + 1) + a
    slope[~left] = 1
    da[~left] = 0
    return f, slope, da
