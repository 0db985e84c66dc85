"""cell warmup_cosine, breaks test_warmup_cosine: after the end the cosine goes up again."""

import numpy as np


def warmup_cosine(t, steps, warmup, peak, floor=0.0):
    if steps < 1:
        return floor
    if t < warmup:
        return peak * (t + 1) / warmup
    p = (t - warmup) / max(1, steps - 1 - warmup)
    return floor + (peak - floor) * (1 + np.cos(np.pi * p)) / 2
