"""cell sizes, breaks test_sizes: takes the number of rows for both directions."""


def sizes(shape, layers):
    result = []
    for k, s, p in layers:
        fits = 0 not in shape and min(shape) + 2 * p >= k
        shape = tuple((n + 2 * p - k) // s + 1 for n in (shape[0], shape[0])) if fits else (0, 0)
        result.append(shape)
    return result
