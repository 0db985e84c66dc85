"""cell train: returns an array that is larger than any message may be."""
# sign: ready

import numpy as np


def train(x, y, epochs):
    return np.zeros(16 << 20), 0, []


print("ready")
