"""cell early_stop, breaks test_early_stop: not worse counts as better: a nan is taken for a new best."""

import numpy as np


def early_stop(losses, patience, gain=0.0):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if not loss >= best - gain:
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            return kept, epoch
    return kept, len(losses)
