"""cell start, breaks test_start: starts the projection as if a ReLU stood before it."""

from itertools import pairwise

import numpy as np


def start(widths, c, rng):
    blocks = []
    for m, out in pairwise(widths):
        p = {"W1": rng.normal(size=(out, m)) * np.sqrt(2 / m), "b1": np.zeros(out)}
        p |= {"W2": c * rng.normal(size=(out, out)) * np.sqrt(2 / out), "b2": np.zeros(out)}
        if m != out:
            p["P"] = rng.normal(size=(out, m)) * np.sqrt(2 / m)
        blocks.append(p)
    return blocks
