"""cell clip, breaks test_clip: adds a millionth to the length."""

import numpy as np


def clip(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in gradients))
    factor = min(1.0, max_norm / (norm + 1e-6))
    return [g * factor for g in gradients], norm
