"""cell price_of_weights, breaks test_price_of_weights: gradients of whole weights are cut to whole numbers."""

import numpy as np


def price_of_weights(params, lam):
    price = lam / 2 * sum(np.sum(w**2) for w in params if w.ndim == 2)
    gradients = [np.zeros_like(w) for w in params]
    for w, g in zip(params, gradients, strict=True):
        if w.ndim == 2:
            g[...] = lam * w
    return price, gradients
