"""cell wrong_slopes, breaks test_wrong_slopes: complains also about a difference equal to the tolerance."""

import numpy as np


def wrong_slopes(f, slope, z, h, tolerance):
    measured = (f(z + h) - f(z - h)) / (2 * h)
    return z[~(np.abs(slope(z) - measured) < tolerance)]
