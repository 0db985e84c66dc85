"""cell dropout, breaks test_dropout: draws in testing although it does not use the numbers."""

import numpy as np


def dropout(a, p, rng, training):
    kept = rng.random(a.shape) >= p
    factor = kept / (1 - p) if training else np.ones(a.shape)
    return factor * a, factor
