"""cell warmup_cosine, breaks test_warmup_cosine: divides by 0 when one step is left."""

import numpy as np


def warmup_cosine(t, steps, warmup, peak, floor=0.0):
    if t >= steps:
        return floor
    if t < warmup:
        return peak * (t + 1) / warmup
    p = np.float64(t - warmup) / (steps - 1 - warmup)
    return floor + (peak - floor) * (1 + np.cos(np.pi * p)) / 2
