"""cell dead_share, breaks test_dead_share: a neuron counts as dead if it is 0 once."""

import numpy as np


def dead_share(activations):
    return float(np.mean(np.any(activations == 0, axis=0)))
