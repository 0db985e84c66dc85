"""cell deviation, breaks test_deviation: takes a gain of 0 for no gain."""

import numpy as np


def deviation(scheme, fan_in, fan_out, gain=None):
    if not gain:
        gain = 1.0 if scheme == "xavier" else np.sqrt(2)
    fan = {"xavier": (fan_in + fan_out) / 2, "he_in": fan_in, "he_out": fan_out}[scheme]
    return gain / np.sqrt(fan)
