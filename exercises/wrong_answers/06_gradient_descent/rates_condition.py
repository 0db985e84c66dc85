"""cell rates, breaks test_rates: the condition number in place of the factor."""

import numpy as np


def rates(H):
    curvatures = np.linalg.eigvalsh(H)
    low, high = curvatures[0], curvatures[-1]
    return 2 / high, 2 / (low + high), high / low
