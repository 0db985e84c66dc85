"""cell block_backward, breaks test_block_backward: adds the body's gradient to δ itself."""

import numpy as np


def block_backward(delta, x, p):
    a = np.maximum(x, 0)
    z = a @ p["W1"].T + p["b1"]
    grad = {"W2": delta.T @ np.maximum(z, 0), "b2": delta.sum(axis=0)}
    delta_z = (delta @ p["W2"]) * (z > 0)
    grad |= {"W1": delta_z.T @ a, "b1": delta_z.sum(axis=0)}
    dx = (delta_z @ p["W1"]) * (x > 0)
    if "P" in p:
        grad["P"] = delta.T @ x
        return dx + delta @ p["P"], grad
    delta += dx.astype(delta.dtype)
    return dx + (delta - dx), grad
