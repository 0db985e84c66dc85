"""cell rectifier, breaks test_rectifier: fills a copy of z, and a copy of integers cuts the fractions off."""

import numpy as np


def rectifier(z, a, alpha):
    f, slope, da = z.copy(), np.ones(z.shape), np.zeros(z.shape)
    left = z <= 0
    f[left] = a * z[left] + alpha * np.expm1(z[left])
    slope[left] = a + alpha * np.exp(z[left])
    da[left] = z[left]
    return f * 1.0, slope, da
