"""cell forward, breaks test_forward: calls the activation with one row at a time, not with the table."""

import numpy as np


def forward(x, weights, biases, activations):
    answers = [x]
    for W, b, activation in zip(weights, biases, activations, strict=True):
        answers.append(np.vstack([activation(row[None]) for row in answers[-1] @ W.T + b]))
    return answers
