"""cell census, breaks test_census: looks at the first three examples only."""


def census(z):
    off = z[:3] <= 0
    return off.all(axis=0), ~off.any(axis=0), off.mean()
