"""cell rates, breaks nothing: the condition number from the singular values."""

import numpy as np


def rates(H):
    values = np.linalg.svd(np.array(H, dtype=float), compute_uv=False)
    kappa = values.max() / values.min()
    best = 2 / values.max() / (1 + 1 / kappa)
    return [float(2 / values.max()), float(best), float((kappa - 1) / (kappa + 1))]
