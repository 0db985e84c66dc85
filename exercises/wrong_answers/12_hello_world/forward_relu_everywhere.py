"""cell forward, breaks test_forward: ReLU after the last layer too."""

import numpy as np


def forward(x, weights, biases):
    sums, activations = [], []
    for w, b in zip(weights, biases, strict=True):
        sums.append(x @ w.T + b)
        x = np.maximum(sums[-1], 0)
        activations.append(x)
    return sums, activations
