"""cell warmup_cosine, breaks test_warmup_cosine: the cosine reaches the floor one step too late."""

import numpy as np


def warmup_cosine(t, steps, warmup, peak, floor=0.0):
    if t >= steps:
        return floor
    if t < warmup:
        return peak * (t + 1) / warmup
    p = (t - warmup) / (steps - warmup)
    return floor + (peak - floor) * (1 + np.cos(np.pi * p)) / 2
