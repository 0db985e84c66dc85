"""cell census, breaks test_census: applies ReLU to z in place."""


def census(z):
    off = z <= 0
    z[z < 0] = 0
    return off.all(axis=0), ~off.any(axis=0), off.mean()
