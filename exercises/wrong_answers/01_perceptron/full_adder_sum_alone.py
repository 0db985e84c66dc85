"""cell full_adder, breaks test_full_adder: the sum neuron leaves the carry out, so it is an OR."""

import numpy as np


def full_adder():
    return np.array([1, 1, 1]), -1.5, np.array([1, 1, 1, 0]), -0.5
