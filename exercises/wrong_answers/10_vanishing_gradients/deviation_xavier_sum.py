"""cell deviation, breaks test_deviation: Xavier's start without the 2."""

import numpy as np


def deviation(scheme, fan_in, fan_out, gain=None):
    if gain is None:
        gain = 1.0 if scheme == "xavier" else np.sqrt(2)
    fan = {"xavier": fan_in + fan_out, "he_in": fan_in, "he_out": fan_out}[scheme]
    return gain / np.sqrt(fan)
