"""cell start, breaks nothing: draws with the deviation at once, in another order."""

import numpy as np


def start(widths, c, rng):
    blocks = [{} for _ in widths[1:]]
    for i in reversed(range(len(blocks))):
        m, out = widths[i], widths[i + 1]
        if m != out:
            blocks[i]["P"] = rng.normal(0, m**-0.5, (out, m))
        blocks[i]["b1"], blocks[i]["b2"] = [0] * out, [0.0] * out
        blocks[i]["W2"] = rng.normal(0, c * (2 / out) ** 0.5, (out, out)) if c > 0 else np.zeros((out, out))
        blocks[i]["W1"] = rng.standard_normal((out, m)) * (2 / m) ** 0.5
    return blocks
