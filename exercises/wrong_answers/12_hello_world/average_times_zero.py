"""cell average, breaks test_average: empties the store by multiplication, which keeps nan."""

import numpy as np


def average(store, gradients, sizes):
    with np.errstate(all="ignore"):
        store *= 0
    for gradient, size in zip(gradients, sizes, strict=True):
        store += gradient * size / sum(sizes)
