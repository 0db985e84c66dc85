"""cell dropout, breaks nothing: where instead of a product, and a harmless warning."""

import warnings

import numpy as np


def dropout(a, p, rng, training):
    warnings.warn("dropout was called", stacklevel=2)
    if not training:
        return a.copy(), np.ones_like(a, dtype=float)
    left_out = rng.random(a.shape) < p
    return np.where(left_out, 0.0, a / (1.0 - p)), np.where(left_out, 0.0, 1.0 / (1.0 - p))
