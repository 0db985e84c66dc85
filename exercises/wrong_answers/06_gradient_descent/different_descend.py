"""cell descend, breaks nothing: a for loop, squares of lengths, lists, and harmless warnings."""

import warnings

import numpy as np


def descend(gradient, theta, lr, tolerance, most_steps, far=1e6):
    warnings.warn("a harmless warning", stacklevel=1)
    theta, path = [float(t) for t in theta], []
    for step in range(most_steps + 1):
        path.append(theta)
        if not np.all(np.isfinite(theta)) or sum(t * t for t in theta) > far**2:
            return path, "lost"
        slope = np.asarray(gradient(np.array(theta)), dtype=float)
        if np.sqrt(np.sum(slope * slope)) <= tolerance:
            return path, "arrived"
        if step < most_steps:
            theta = [t - lr * s for t, s in zip(theta, slope.tolist(), strict=True)]
    return path, "stopped"
