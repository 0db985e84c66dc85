"""cell clip, breaks test_clip: makes unit vectors first, which divides 0 by 0 if all gradients are 0."""

import numpy as np


def clip(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g / norm * min(norm, max_norm) for g in gradients], norm
