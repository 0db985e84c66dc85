"""cell forward, breaks test_forward: ReLU in place, so the sums are lost."""

import numpy as np


def forward(x, weights, biases):
    sums, activations = [], []
    for w, b in zip(weights, biases, strict=True):
        sums.append(x @ w.T + b)
        x = np.maximum(sums[-1], 0, out=sums[-1]) if len(sums) < len(weights) else sums[-1]
        activations.append(x)
    return sums, activations
