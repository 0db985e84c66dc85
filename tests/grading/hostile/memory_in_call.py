"""cell train: takes all the memory when it is called."""
# sign: MemoryError|MiB of memory|OutOfTime

import numpy as np


def train(x, y, epochs):
    blocks = [np.ones(1 << 23) for _ in range(10_000)]
    return blocks


print("ready")
