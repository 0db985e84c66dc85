"""cell mini_batches, breaks nothing: a list, sorted by random numbers, taken row by row."""

import numpy as np


def mini_batches(x, y, batch_size, rng, drop_last=False):
    keys, batches, inputs, targets = rng.random(len(x)).tolist(), [], [], []
    for n in sorted(range(len(x)), key=keys.__getitem__):
        inputs.append(x[n])
        targets.append(y[n])
        if len(inputs) == batch_size:
            batches.append([np.array(inputs), np.array(targets)])
            inputs, targets = [], []
    if inputs and not drop_last:
        batches.append([np.array(inputs), np.array(targets)])
    return batches
