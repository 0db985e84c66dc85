"""cell dead_share, breaks test_dead_share: tiny activations count as 0."""

import numpy as np


def dead_share(activations):
    return float(np.mean(np.all(np.abs(activations) < 1e-6, axis=0)))
