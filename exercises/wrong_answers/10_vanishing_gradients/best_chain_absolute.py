"""cell best_chain, breaks test_best_chain: the product without its sign."""

import numpy as np


def best_chain(x, w):
    inputs = np.full(len(w), 0.5)
    inputs[0] = x
    return -w * inputs, np.prod(np.abs(w) / 4)
