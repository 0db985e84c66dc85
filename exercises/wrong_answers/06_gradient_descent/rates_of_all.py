"""cell rates, breaks test_rates: the best rate from the mean of all curvatures; right for two of them."""

import numpy as np


def rates(H):
    curvatures = np.linalg.eigvalsh(H)
    low, high = curvatures[0], curvatures[-1]
    return 2 / high, 1 / curvatures.mean(), (high - low) / (high + low)
