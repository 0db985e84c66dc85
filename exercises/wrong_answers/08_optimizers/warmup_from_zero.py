"""cell warmup_cosine, breaks test_warmup_cosine: the first step of the warm-up has the rate 0."""

import numpy as np


def warmup_cosine(t, steps, warmup, peak, floor=0.0):
    if t >= steps:
        return floor
    if t < warmup:
        return peak * t / warmup
    p = (t - warmup) / max(1, steps - 1 - warmup)
    return floor + (peak - floor) * (1 + np.cos(np.pi * p)) / 2
