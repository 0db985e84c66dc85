"""cell sizes, breaks test_sizes: forgets the first window."""


def sizes(shape, layers):
    result = []
    for k, s, p in layers:
        fits = 0 not in shape and min(shape) + 2 * p >= k
        shape = tuple((n + 2 * p - k) // s for n in shape) if fits else (0, 0)
        result.append(shape)
    return result
