"""cell wrong_slopes, breaks test_wrong_slopes: looks to the right side only."""

import numpy as np


def wrong_slopes(f, slope, z, h, tolerance):
    measured = (f(z + h) - f(z)) / h
    return z[~(np.abs(slope(z) - measured) <= tolerance)]
