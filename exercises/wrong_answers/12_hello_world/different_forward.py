"""cell forward, breaks nothing: a recursion from the last layer."""

import numpy as np


def forward(x, weights, biases):
    if not weights:
        return [], []
    sums, activations = forward(x, weights[:-1], biases[:-1])
    before = np.where(sums[-1] > 0, sums[-1], 0) if sums else x
    z = np.einsum("ni,oi->no", before, weights[-1]) + biases[-1]
    return [*sums, z], [*activations[:-1], *([before] if sums else []), z]
