"""cell wrong_slopes, breaks test_wrong_slopes: no absolute value: a claim that is too small passes."""


def wrong_slopes(f, slope, z, h, tolerance):
    measured = (f(z + h) - f(z - h)) / (2 * h)
    return z[~((slope(z) - measured) <= tolerance)]
