"""cell average, breaks test_average: all pieces count alike."""

import numpy as np


def average(store, gradients, sizes):
    store[:] = np.mean(gradients, axis=0)
