"""cell at_least, breaks test_at_least: looks at the first k inputs only, as if their order mattered."""

import numpy as np


def at_least(k, m):
    return (np.arange(m) < k).astype(float), 0.5 - k
