"""cell descend, breaks test_descend: steps in place, so all rows of the path are one array, and the start changes."""

import numpy as np


def descend(gradient, theta, lr, tolerance, most_steps, far=1e6):
    path, ending = [theta], "stopped"
    for _ in range(most_steps):
        slope = gradient(theta)
        if np.linalg.norm(slope) <= tolerance:
            ending = "arrived"
            break
        theta -= (lr * slope).astype(theta.dtype)
        path.append(theta)
        if not np.linalg.norm(theta) <= far:
            ending = "lost"
            break
    return np.array(path), ending
