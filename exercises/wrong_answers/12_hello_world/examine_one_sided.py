"""cell examine, breaks test_examine: a loss that is too low at the start passes."""

import numpy as np


def examine(measured):
    g, d = measured["computed"], measured["measured"]
    apart, size = np.linalg.norm(g - d), np.linalg.norm(g) + np.linalg.norm(d)
    passes = {
        "inputs": np.all(np.isfinite(measured["x"])),
        "start": measured["loss"] - np.log(measured["classes"]) <= 0.5,
        "outputs": np.all(np.isfinite(measured["logits"])) and np.any(measured["logits"] < 0),
        "gradient": np.isfinite(size) and apart <= 1e-4 * size,
        "dead": np.isfinite(measured["dead"]) and measured["dead"] <= 0.2,
        "tiny": measured["tiny"] == 1,
    }
    return [name for name, passed in passes.items() if not passed]
