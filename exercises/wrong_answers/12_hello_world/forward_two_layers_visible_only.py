"""cell forward, breaks test_forward: the second layer is always the last."""

import numpy as np


def forward(x, weights, biases):
    sums, activations = [], []
    for w, b in zip(weights, biases, strict=True):
        sums.append(x @ w.T + b)
        x = np.maximum(sums[-1], 0) if len(sums) != 2 else sums[-1]
        activations.append(x)
    return sums, activations
