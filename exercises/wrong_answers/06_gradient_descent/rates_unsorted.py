"""cell rates, breaks test_rates: takes the eigenvalues as they come, first and last."""

import numpy as np


def rates(H):
    curvatures = np.linalg.eigvals(H)
    low, high = curvatures[0], curvatures[-1]
    return 2 / high, 2 / (low + high), (high - low) / (high + low)
