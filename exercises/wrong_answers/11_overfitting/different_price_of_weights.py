"""cell price_of_weights, breaks nothing: loops over every weight."""

import numpy as np


def price_of_weights(params, lam):
    price, gradients = 0.0, []
    for i, w in enumerate(params):
        gradients.append(np.zeros(w.shape))
        if i % 2 == 0:
            for entry in np.ndindex(w.shape):
                price += 0.5 * lam * float(w[entry]) ** 2
                gradients[-1][entry] = lam * w[entry]
    return price, tuple(gradients)
