"""cell rates, breaks test_rates: the border is half of what it is: L without the 1/2 in mind."""

import numpy as np


def rates(H):
    curvatures = np.linalg.eigvalsh(H)
    low, high = curvatures[0], curvatures[-1]
    return 1 / high, 2 / (low + high), (high - low) / (high + low)
