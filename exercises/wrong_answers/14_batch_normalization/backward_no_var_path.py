"""cell batch_norm_backward, breaks test_batch_norm_backward: forgets the path through the variance."""

import numpy as np


def batch_norm_backward(g, z, gamma, eps):
    s = np.sqrt(z.var(axis=0) + eps)
    z_hat = (z - z.mean(axis=0)) / s
    dz = gamma / s * (g - g.mean(axis=0))
    return dz, np.sum(g * z_hat, axis=0), g.sum(axis=0)
