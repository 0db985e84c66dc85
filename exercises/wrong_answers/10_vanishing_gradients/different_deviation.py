"""cell deviation, breaks nothing: three formulas, one for each scheme."""


def deviation(scheme, fan_in, fan_out, gain=None):
    if scheme == "xavier":
        return (1 if gain is None else gain) * (2 / (fan_in + fan_out)) ** 0.5
    square = 2 if gain is None else gain**2
    if scheme == "he_in":
        return (square / fan_in) ** 0.5
    return (square / fan_out) ** 0.5
