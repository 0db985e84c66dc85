"""cell dropout, breaks test_dropout: multiplies the caller's activations in place."""

import numpy as np


def dropout(a, p, rng, training):
    if not training:
        return 1.0 * a, np.ones(a.shape)
    factor = (rng.random(a.shape) >= p) / (1 - p)
    if a.dtype.kind == "f":
        a *= factor
        return a.copy(), factor
    return factor * a, factor
