"""cell sgd, breaks nothing: fills a table, and goes through the epochs with iter and next."""

import numpy as np


def sgd(gradient, theta, epoch, epochs, lr):
    table, t, done = [[float(value) for value in theta]], 0, 0
    while done < epochs:
        batches = iter(epoch())
        while (batch := next(batches, None)) is not None:
            here = np.array(table[-1])
            step = np.asarray(gradient(here, batch[0], batch[1])) * lr(t)
            table, t = [*table, (here - step).tolist()], t + 1
        done += 1
    return table
