"""cell unpack, breaks test_unpack: unpacks two layers at most."""

from itertools import pairwise


def unpack(theta, sizes):
    weights, biases, start = [], [], 0
    for n_in, n_out in list(pairwise(sizes))[:2]:
        middle = start + n_out * n_in
        weights.append(theta[start:middle].reshape(n_out, n_in))
        start = middle + n_out
        biases.append(theta[middle:start])
    return weights, biases
