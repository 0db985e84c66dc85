"""cell unpack, breaks test_unpack: makes integers of all parameters."""

from itertools import pairwise


def unpack(theta, sizes):
    theta = theta.astype(int)
    weights, biases, start = [], [], 0
    for n_in, n_out in pairwise(sizes):
        middle = start + n_out * n_in
        weights.append(theta[start:middle].reshape(n_out, n_in))
        start = middle + n_out
        biases.append(theta[middle:start])
    return weights, biases
