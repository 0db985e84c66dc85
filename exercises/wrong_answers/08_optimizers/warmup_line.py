"""cell warmup_cosine, breaks test_warmup_cosine: goes down in a line instead of a cosine."""


def warmup_cosine(t, steps, warmup, peak, floor=0.0):
    if t >= steps:
        return floor
    if t < warmup:
        return peak * (t + 1) / warmup
    p = (t - warmup) / max(1, steps - 1 - warmup)
    return floor + (peak - floor) * (1 - p)
