"""cell rectifier, breaks test_rectifier: writes the left branch into z itself."""

import numpy as np


def rectifier(z, a, alpha):
    left = np.minimum(z, 0.0)
    slope = np.where(z > 0, 1.0, a + alpha * np.exp(left))
    z[z < 0] = (a * left + alpha * np.expm1(left))[z < 0]
    return z * 1.0, slope, left
