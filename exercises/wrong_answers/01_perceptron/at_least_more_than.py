"""cell at_least, breaks test_at_least: off by one: fires with more than k inputs at 1."""

import numpy as np


def at_least(k, m):
    return np.ones(m), -k
