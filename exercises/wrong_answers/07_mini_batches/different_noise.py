"""cell noise, breaks nothing: the trace of the covariance matrix, divided by N - 1 to begin with."""

import numpy as np


def noise(G, batch_size):
    n = len(G)
    if n == 1:
        return 0
    trace = np.trace(np.atleast_2d(np.cov(np.array(G, dtype=float), rowvar=False, ddof=1)))
    return float(trace * (1 / batch_size - 1 / n))
