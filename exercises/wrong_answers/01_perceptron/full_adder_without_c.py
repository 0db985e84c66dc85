"""cell full_adder, breaks test_full_adder: the carry neuron forgets c; the four visible rows do not show it."""

import numpy as np


def full_adder():
    return np.array([1, 1, 0]), -1.5, np.array([1, 1, 1, -2]), -0.5
