"""cell line_search, breaks nothing: a list of points, the fall on one side, and powers of one half."""

import numpy as np


def line_search(loss, gradient, theta, lr, steps, c=0.25):
    points, accepted = [[float(t) for t in theta]], []
    while len(accepted) < steps:
        here = np.array(points[-1])
        slope = np.asarray(gradient(here))
        if not slope.any():
            break
        asked, before = c * float(np.sum(slope * slope)), float(loss(here))
        tries = [lr * 0.5**k for k in range(150)]
        lr = next(t for t in tries if np.isfinite(new := loss(here - t * slope)) and before - new >= t * asked)
        points.append((here - lr * slope).tolist())
        accepted.append(lr)
        lr += lr
    return points, np.array(accepted)
