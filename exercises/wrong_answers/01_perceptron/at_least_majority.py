"""cell at_least, breaks test_at_least: ignores k: always a vote of the majority (right for 2 of 2 and 2 of 3)."""

import numpy as np


def at_least(k, m):
    return np.ones(m), 0.5 - (m // 2 + 1)
