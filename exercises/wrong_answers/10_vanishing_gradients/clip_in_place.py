"""cell clip, breaks test_clip: shrinks the arrays in place."""

import numpy as np


def clip(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in gradients))
    for g in gradients:
        if norm > max_norm:
            g[...] = g * (max_norm / norm)
    return gradients, norm
