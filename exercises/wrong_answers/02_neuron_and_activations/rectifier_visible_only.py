"""cell rectifier, breaks test_rectifier: right where a or α is 0, and a is not negative."""

import numpy as np


def rectifier(z, a, alpha):
    left = np.minimum(z, 0.0)
    f = np.where(z > 0, z, abs(a) * left + (alpha * np.expm1(left) if a == 0 else 0))
    return f, np.where(z > 0, 1.0, a + alpha * np.exp(left)), left
