"""cell at_least, breaks nothing: a list of weights of another size, and a bias that uses the tie at z = 0."""


def at_least(k, m):
    return [2] * m, 2 * (1 - k)
