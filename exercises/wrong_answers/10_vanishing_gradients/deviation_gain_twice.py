"""cell deviation, breaks test_deviation: the gain comes on top of He's √2."""

import numpy as np


def deviation(scheme, fan_in, fan_out, gain=None):
    if gain is None:
        gain = 1.0
    fan = {"xavier": (fan_in + fan_out) / 2, "he_in": fan_in, "he_out": fan_out}[scheme]
    return gain * (1 if scheme == "xavier" else np.sqrt(2)) / np.sqrt(fan)
