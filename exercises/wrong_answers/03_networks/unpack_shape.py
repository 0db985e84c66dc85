"""cell unpack, breaks test_unpack: reshapes to (inputs, outputs)."""

from itertools import pairwise


def unpack(theta, sizes):
    weights, biases, start = [], [], 0
    for n_in, n_out in pairwise(sizes):
        middle = start + n_out * n_in
        weights.append(theta[start:middle].reshape(n_in, n_out))
        start = middle + n_out
        biases.append(theta[middle:start])
    return weights, biases
