"""cell batch_norm_backward, breaks test_batch_norm_backward: multiplies the gradient of the caller by gamma."""

import numpy as np


def batch_norm_backward(g, z, gamma, eps):
    s = np.sqrt(z.var(axis=0) + eps)
    z_hat = (z - z.mean(axis=0)) / s
    dgamma, dbeta = np.sum(g * z_hat, axis=0), g.sum(axis=0)
    g *= gamma
    return (g - g.mean(axis=0) - z_hat * np.mean(g * z_hat, axis=0)) / s, dgamma, dbeta
