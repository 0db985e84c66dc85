"""Slices of a network's loss landscape: directions through θ that can be compared between networks. Lecture B09."""

from __future__ import annotations

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array
from dnnlib.model import Sequential


def filter_normalized(model: Sequential, rng: int | np.random.Generator) -> Array:
    """A random direction d through θ along which every filter changes in proportion to its own size.

        dᵢ ← dᵢ / ‖dᵢ‖ · ‖Wᵢ‖,   dᵢ ~ N(0, 1)

    for every row Wᵢ of a dense layer's weight, the weights of one neuron, and every filter Wᵢ of a convolution's.
    Biases, and the γ and β of BatchNorm, do not change: d is 0 there. Rescaling neurons against each other, which
    changes θ and not what a ReLU network computes, then does not change the picture either.

    `rng` is a seed or a generator; the same one gives the same d on every device. Returns a vector like
    `model.theta`: the slice is L(θ + αd), drawn over α. Leaves the network as it is.
    Source: Li, Xu, Taylor, Studer & Goldstein (2018), section 4; lecture B09.
    """
    rng = np.random.default_rng(rng)
    parts = []
    for _, parameter in model.named_parameters():
        W = engine.to_numpy(parameter).astype(np.float64)
        if W.ndim < 2:
            parts.append(np.zeros(W.size))
            continue
        W = W.reshape(len(W), -1)
        d = rng.normal(size=W.shape)
        d *= np.linalg.norm(W, axis=1, keepdims=True) / np.linalg.norm(d, axis=1, keepdims=True)
        parts.append(d.ravel())
    joined = np.concatenate(parts) if parts else np.zeros(0)
    return engine.to_device(joined, engine.device_of(model.theta), engine.dtype_of(model.theta))
