"""cell mini_batches, breaks test_mini_batches: makes its own generator, so all epochs have one order."""

import numpy as np


def mini_batches(x, y, batch_size, rng, drop_last=False):
    order = np.random.default_rng(0).permutation(len(x))
    for first in range(0, len(x), batch_size):
        rows = order[first : first + batch_size]
        if len(rows) == batch_size or not drop_last:
            yield x[rows], y[rows]
