"""cell warmup_cosine, breaks test_warmup_cosine: divides by the warm-up even if it is 0."""

import numpy as np


def warmup_cosine(t, steps, warmup, peak, floor=0.0):
    rise = (t + 1) / warmup
    if t >= steps:
        return floor
    if t < warmup:
        return peak * rise
    p = (t - warmup) / max(1, steps - 1 - warmup)
    return floor + (peak - floor) * (1 + np.cos(np.pi * p)) / 2
