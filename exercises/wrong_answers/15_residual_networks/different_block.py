"""cell block_backward, breaks nothing: einsum, an identity matrix as the shortcut, lists, keys in another order."""

import numpy as np


def block_backward(delta, x, p):
    P = p.get("P", np.eye(x.shape[1]))
    up, on = np.where(x > 0, x, 0), (x > 0).astype(float)
    z = np.einsum("ni,hi->nh", up, p["W1"]) + p["b1"][None]
    h = z * (z > 0)
    inner = np.einsum("no,oh->nh", delta, p["W2"]) * (h > 0)
    dx = np.einsum("no,oi->ni", delta, P) + on * np.einsum("nh,hi->ni", inner, p["W1"])
    grad = {"b1": np.ones(len(x)) @ inner, "b2": np.ones(len(x)) @ delta}
    grad["W1"] = np.einsum("nh,ni->hi", inner, up)
    grad["W2"] = np.einsum("no,nh->oh", delta, h)
    if "P" in p:
        grad["P"] = np.einsum("no,ni->oi", delta, x)
    return dx.tolist(), {name: value.tolist() for name, value in grad.items()}
