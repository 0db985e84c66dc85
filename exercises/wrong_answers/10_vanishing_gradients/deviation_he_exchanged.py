"""cell deviation, breaks test_deviation: exchanges the two fans of He's starts."""

import numpy as np


def deviation(scheme, fan_in, fan_out, gain=None):
    if gain is None:
        gain = 1.0 if scheme == "xavier" else np.sqrt(2)
    fan = {"xavier": (fan_in + fan_out) / 2, "he_in": fan_out, "he_out": fan_in}[scheme]
    return gain / np.sqrt(fan)
