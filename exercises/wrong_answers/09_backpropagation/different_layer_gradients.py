"""cell layer_gradients, breaks nothing: outer products, added up."""

import numpy as np


def layer_gradients(delta, a):
    grad_w = sum(np.outer(d, row) for d, row in zip(delta, a, strict=True))
    return grad_w, [float(np.sum(column)) for column in delta.T]
