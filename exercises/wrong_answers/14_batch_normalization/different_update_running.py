"""cell update_running, breaks nothing: moves by a share of the difference, sums by hand."""

import numpy as np


def update_running(running_mean, running_var, z, momentum):
    rows = len(z)
    if rows < 2:
        return running_mean, running_var
    centre = np.ones(rows) @ z / rows
    spread = sum((row - centre) ** 2 for row in z) / (rows - 1)
    return running_mean + momentum * (centre - running_mean), running_var + momentum * (spread - running_var)
