"""cell price_of_weights, breaks test_price_of_weights: tells a bias by its number of rows and columns."""

import numpy as np


def price_of_weights(params, lam):
    weights = [w for w in params if w.ndim == 2 and (len(w) > 1 or w.shape[1] == 2)]
    free = [all(w is not v for v in weights) for w in params]
    return lam / 2 * sum(np.sum(w**2) for w in weights), [
        0.0 * w if f else lam * w for w, f in zip(params, free, strict=True)
    ]
