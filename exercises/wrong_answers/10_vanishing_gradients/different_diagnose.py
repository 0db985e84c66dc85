"""cell diagnose, breaks nothing: by logarithms, with plain Python."""

import math


def diagnose(sizes, limit=100.0):
    sizes = [float(size) for size in sizes]
    if not all(math.isfinite(size) for size in sizes):
        return ["exploding", math.inf]
    if sizes[0] == 0:
        return ["vanishing", 0]
    steps = len(sizes) - 1
    q = sizes[0] / sizes[-1]
    if steps == 0:
        return ["healthy", 1]
    factor = math.exp((math.log(sizes[0]) - math.log(sizes[-1])) / steps)
    if q * limit < 1:
        return ["vanishing", factor]
    return ["healthy" if q <= limit else "exploding", factor]
