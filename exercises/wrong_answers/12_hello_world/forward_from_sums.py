"""cell forward, breaks test_forward: goes on with the sums and not with the activations."""

import numpy as np


def forward(x, weights, biases):
    sums, activations = [], []
    for w, b in zip(weights, biases, strict=True):
        sums.append(x @ w.T + b)
        a = np.maximum(sums[-1], 0) if len(sums) < len(weights) else sums[-1]
        activations.append(a)
        x = sums[-1]
    return sums, activations
