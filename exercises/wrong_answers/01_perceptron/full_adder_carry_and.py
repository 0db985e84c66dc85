"""cell full_adder, breaks test_full_adder: the carry neuron is an AND of all three bits."""

import numpy as np


def full_adder():
    return np.array([1, 1, 1]), -2.5, np.array([1, 1, 1, -2]), -0.5
