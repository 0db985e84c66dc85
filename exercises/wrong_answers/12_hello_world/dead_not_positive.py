"""cell dead_share, breaks test_dead_share: negative activations count as dead."""

import numpy as np


def dead_share(activations):
    return float(np.mean(np.all(activations <= 0, axis=0)))
