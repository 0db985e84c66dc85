"""cell best_chain, breaks test_best_chain: takes σ(0) for 0."""

import numpy as np


def best_chain(x, w):
    b = np.zeros(len(w))
    b[0] = -w[0] * x
    return b, np.prod(w / 4)
