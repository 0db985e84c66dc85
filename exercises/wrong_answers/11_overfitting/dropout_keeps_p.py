"""cell dropout, breaks test_dropout: takes p as the probability to keep."""

import numpy as np


def dropout(a, p, rng, training):
    if not training:
        return 1.0 * a, np.ones(a.shape)
    factor = (rng.random(a.shape) < p) / p if p else np.zeros(a.shape)
    return factor * a, factor
