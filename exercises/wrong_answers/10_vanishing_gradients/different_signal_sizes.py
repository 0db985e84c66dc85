"""cell signal_sizes, breaks nothing: columns instead of rows, a recursion, and the deviation from two means."""

import numpy as np


def signal_sizes(x, weights, activation):
    def walk(a, rest):
        own = max(np.mean(a**2) - np.mean(a) ** 2, 0.0) ** 0.5 if np.ptp(a) else 0.0
        return [own] + (walk(activation(rest[0] @ a), rest[1:]) if rest else [])

    return np.array(walk(x.T, weights))
