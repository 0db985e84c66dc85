"""cell at_least, breaks test_at_least: all signs turned round: fires with at most k inputs at 1."""

import numpy as np


def at_least(k, m):
    return -np.ones(m), k + 0.5
