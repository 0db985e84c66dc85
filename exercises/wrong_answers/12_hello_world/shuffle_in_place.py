"""cell shuffle, breaks test_shuffle: shuffles the caller's arrays."""


def shuffle(x, y, rng):
    order = rng.permutation(len(y))
    x[:], y[:] = x[order], y[order]
    return x, y
