"""cell price_of_weights, breaks test_price_of_weights: adds up λ w² without the ½."""

import numpy as np


def price_of_weights(params, lam):
    price = lam * sum(np.sum(w**2) for w in params if w.ndim == 2)
    return price, [lam * w if w.ndim == 2 else np.zeros(w.shape) for w in params]
