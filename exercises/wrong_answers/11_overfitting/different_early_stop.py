"""cell early_stop, breaks nothing: recursion-free search with a counter, as a list."""

import numpy as np


def early_stop(losses, patience, gain=0.0):
    best, kept, waiting, epoch = None, 0, 0, 0
    for loss in losses:
        epoch += 1
        if not np.isnan(loss) and loss != np.inf and (best is None or best - loss > gain):
            best, kept, waiting = loss, epoch, 0
            continue
        waiting += 1
        if waiting == patience:
            break
    return [kept, epoch]
