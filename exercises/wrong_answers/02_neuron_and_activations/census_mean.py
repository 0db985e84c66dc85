"""cell census, breaks test_census: dead if the mean of the sums is negative."""


def census(z):
    off = z <= 0
    return (z.mean(axis=0) <= 0), ~off.any(axis=0), off.mean()
