"""cell full_adder, breaks test_full_adder: takes the carry away once instead of twice."""

import numpy as np


def full_adder():
    return np.array([1, 1, 1]), -1.5, np.array([1, 1, 1, -1]), -0.5
