"""cell warmup_cosine, breaks nothing: the whole list of rates first, by the square of a half angle."""

import numpy as np


def warmup_cosine(t, steps, warmup, peak, floor=0.0):
    rates = [peak * k / warmup for k in range(1, warmup + 1)]
    angles = np.linspace(0, np.pi / 2, steps - warmup)
    rates += [floor * np.sin(angle) ** 2 + peak * np.cos(angle) ** 2 for angle in angles]
    rates = rates[:steps]
    return rates[t] if t < steps else floor
