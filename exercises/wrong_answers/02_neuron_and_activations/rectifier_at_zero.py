"""cell rectifier, breaks test_rectifier: takes the slope from the right at z = 0."""

import numpy as np


def rectifier(z, a, alpha):
    left = np.minimum(z, 0.0)
    f = np.where(z > 0, z, a * left + alpha * np.expm1(left))
    return f, np.where(z >= 0, 1.0, a + alpha * np.exp(left)), left
