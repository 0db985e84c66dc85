"""cell rectifier, breaks test_rectifier: multiplies with a mask: 0 times inf is nan at 1000."""

import numpy as np


def rectifier(z, a, alpha):
    left = np.minimum(z, 0.0)
    f = (z > 0) * z + (z <= 0) * (a * z + alpha * np.expm1(z * 1.0))
    return f, np.where(z > 0, 1.0, a + alpha * np.exp(left)), left
