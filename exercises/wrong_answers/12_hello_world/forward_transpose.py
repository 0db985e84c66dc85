"""cell forward, breaks test_forward: forgets the transpose where the matrix is square."""

import numpy as np


def forward(x, weights, biases):
    sums, activations = [], []
    for w, b in zip(weights, biases, strict=True):
        sums.append(x @ (w if len(w) == len(w.T) else w.T) + b)
        x = np.maximum(sums[-1], 0) if len(sums) < len(weights) else sums[-1]
        activations.append(x)
    return sums, activations
