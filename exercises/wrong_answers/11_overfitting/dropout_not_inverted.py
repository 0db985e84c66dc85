"""cell dropout, breaks test_dropout: keeps entries as they are instead of dividing them by 1 - p."""

import numpy as np


def dropout(a, p, rng, training):
    if not training:
        return 1.0 * a, np.ones(a.shape)
    factor = 1.0 * (rng.random(a.shape) >= p)
    return factor * a, factor
