"""cell best_chain, breaks test_best_chain: keeps the biases in an array of the type of the weights."""

import numpy as np


def best_chain(x, w):
    b = -w
    b[1:] = b[1:] / 2
    b[0] = -w[0] * x
    return b, np.prod(w / 4)
