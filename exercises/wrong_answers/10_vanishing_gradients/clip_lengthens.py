"""cell clip, breaks test_clip: brings short gradients to the length max_norm as well."""

import numpy as np


def clip(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in gradients))
    factor = max_norm / norm if norm > 0 else 1.0
    return [g * factor for g in gradients], norm
