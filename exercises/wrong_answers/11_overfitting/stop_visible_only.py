"""cell early_stop, breaks test_early_stop: right for patience 2 alone."""

import numpy as np


def early_stop(losses, patience, gain=0.0):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - gain:
            best, kept = loss, epoch
        elif epoch - kept >= 2:
            return kept, epoch
    return kept, len(losses)
