"""cell early_stop, breaks test_early_stop: lowers the best loss with small gains too, so they never add up."""

import numpy as np


def early_stop(losses, patience, gain=0.0):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - gain:
            best, kept = loss, epoch
        elif (best := min(best, loss)) is not None and epoch - kept >= patience:
            return kept, epoch
    return kept, len(losses)
