"""cell price_of_weights, breaks test_price_of_weights: scales the caller's weights."""

import numpy as np


def price_of_weights(params, lam):
    price = lam / 2 * sum(np.sum(w**2) for w in params if w.ndim == 2)
    gradients = []
    for w in params:
        gradients.append(lam * w if w.ndim == 2 else np.zeros(w.shape))
        if w.ndim == 2 and len(params) > 4:
            w *= lam
    return price, gradients
