"""cell hidden_error, breaks nothing: einsum and where."""

import numpy as np


def hidden_error(delta2, w2, z1):
    return np.where(z1 > 0, np.einsum("nk,kh->nh", delta2, w2), 0.0)
