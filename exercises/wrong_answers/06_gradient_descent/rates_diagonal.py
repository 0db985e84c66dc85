"""cell rates, breaks test_rates: reads the curvatures off the diagonal."""

import numpy as np


def rates(H):
    curvatures = np.sort(np.diag(H))
    low, high = curvatures[0], curvatures[-1]
    return 2 / high, 2 / (low + high), (high - low) / (high + low)
