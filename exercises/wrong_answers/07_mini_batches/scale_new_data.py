"""cell standardizer, breaks test_standardizer: learns the scale anew from whatever it is given."""

import numpy as np


def standardizer(x):
    def scale(new):
        table = np.atleast_2d(new)
        constant = table.max(axis=0) == table.min(axis=0)
        return (new - table.mean(axis=0)) / np.where(constant, 1, table.std(axis=0))

    return scale
