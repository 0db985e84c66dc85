"""cell census, breaks test_census: a sum of exactly 0 counts as positive."""


def census(z):
    off = z < 0
    return off.all(axis=0), ~off.any(axis=0), off.mean()
