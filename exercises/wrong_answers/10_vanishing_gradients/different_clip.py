"""cell clip, breaks nothing: one long vector, cut into pieces again."""

import numpy as np


def clip(gradients, max_norm):
    flat = np.concatenate([np.asarray(g, dtype=float).ravel() for g in gradients])
    length = float(np.linalg.norm(flat))
    flat = flat / max(1.0, length / max_norm)
    result, at = [], 0
    for g in gradients:
        result.append(flat[at : at + g.size].reshape(g.shape))
        at += g.size
    return tuple(result), length
