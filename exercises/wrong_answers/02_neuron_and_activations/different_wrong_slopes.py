"""cell wrong_slopes, breaks nothing: a loop over the places, a list at the end."""

import numpy as np


def wrong_slopes(f, slope, z, h, tolerance):
    found = []
    for place in z:
        here = np.array([place])
        error = abs(slope(here)[0] - (f(here + h)[0] - f(here - h)[0]) / h / 2)
        if np.isnan(error) or error > tolerance:
            found.append(place)
    return np.array(found)
