"""cell softmax, breaks test_softmax: large logits overflow."""

import numpy as np


def softmax(z):
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return e / e.sum(axis=1, keepdims=True)
