"""cell best_chain, breaks nothing: neuron after neuron, with the sigmoid computed."""

import numpy as np


def best_chain(x, w):
    a, product, biases = x, 1.0, []
    for weight in w:
        b = -float(weight) * a
        z = weight * a + b
        a = 1 / (1 + np.exp(-z))
        product *= weight * a * (1 - a)
        biases.append(b)
    return biases, float(product)
