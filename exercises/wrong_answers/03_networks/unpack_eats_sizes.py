"""cell unpack, breaks test_unpack: takes the sizes out of the list that it was given."""


def unpack(theta, sizes):
    weights, biases, start = [], [], 0
    n_out = sizes.pop(0)
    while sizes:
        n_in, n_out = n_out, sizes.pop(0)
        middle = start + n_out * n_in
        weights.append(theta[start:middle].reshape(n_out, n_in))
        start = middle + n_out
        biases.append(theta[middle:start])
    return weights, biases
