"""cell census, breaks test_census: counts over the neurons of each example."""


def census(z):
    off = z <= 0
    return off.all(axis=1), ~off.any(axis=1), off.mean()
