"""cell average, breaks test_average: gives the name store to a new array."""

import numpy as np


def average(store, gradients, sizes):
    store = np.average(gradients, axis=0, weights=sizes)
    return store
