"""cell early_stop, breaks test_early_stop: looks into the future: keeps the best epoch of the whole list."""

import numpy as np


def early_stop(losses, patience, gain=0.0):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - gain:
            best, kept = loss, epoch
    return kept, min(len(losses), kept + patience)
