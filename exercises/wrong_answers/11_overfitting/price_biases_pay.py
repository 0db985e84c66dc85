"""cell price_of_weights, breaks test_price_of_weights: puts a price on the biases too."""

import numpy as np


def price_of_weights(params, lam):
    return lam / 2 * sum(np.sum(w**2) for w in params), [lam * w for w in params]
