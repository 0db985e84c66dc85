"""cell start, breaks test_start: draws uniform numbers of the same standard deviation."""

from itertools import pairwise

import numpy as np


def start(widths, c, rng):
    blocks = []
    for m, out in pairwise(widths):
        p = {"W1": rng.uniform(-1, 1, size=(out, m)) * np.sqrt(6 / m), "b1": np.zeros(out)}
        p |= {"W2": c * rng.normal(size=(out, out)) * np.sqrt(2 / out), "b2": np.zeros(out)}
        if m != out:
            p["P"] = rng.normal(size=(out, m)) * np.sqrt(1 / m)
        blocks.append(p)
    return blocks
