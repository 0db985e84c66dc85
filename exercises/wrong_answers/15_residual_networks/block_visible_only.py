"""cell block_backward, breaks test_block_backward: one example only."""

import numpy as np


def block_backward(delta, x, p):
    row, d = x[0], delta[0]
    a = np.maximum(row, 0)
    h = np.maximum(p["W1"] @ a + p["b1"], 0)
    inner = (d @ p["W2"]) * (h > 0)
    grad = {"W1": np.outer(inner, a), "b1": inner, "W2": np.outer(d, h), "b2": d}
    dx = (inner @ p["W1"]) * (row > 0)
    if "P" in p:
        grad["P"] = np.outer(d, row)
        return (dx + d @ p["P"])[None], grad
    return (dx + d)[None], grad
